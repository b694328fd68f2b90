"""The outline of a Rust file: its items, in order, with their depth."""

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from rust_ai_ide.source.syntax.languages import grammar
from rust_ai_ide.source.syntax.parsing import parse_rust

if TYPE_CHECKING:
    from tree_sitter import Node, Query

_KINDS = {
    "function_item": "fn",
    "function_signature_item": "fn",
    "struct_item": "struct",
    "union_item": "struct",
    "enum_item": "enum",
    "trait_item": "trait",
    "impl_item": "impl",
    "mod_item": "mod",
    "const_item": "const",
    "static_item": "static",
    "macro_definition": "macro",
    "type_item": "type",
    "associated_type": "type",
}
_TEST_ATTRIBUTE = re.compile(
    rb"#!?\[\s*(?:[\w:]*\btest\b|[\w:]*_test\b|bench\b|rstest\b|cfg\(\s*(?:all\(\s*)?test\b)"
)
_SPACE = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class OutlineItem:
    """One item. Lines count from 1 and both ends belong to it; `depth` is 0 for items of the file itself.

    `kind` is one of fn, struct, enum, trait, impl, mod, const, static, macro, type. An impl is named as it is
    written: "Trait for Type" or "Type".
    """

    kind: str
    name: str
    start_line: int
    end_line: int
    depth: int
    is_public: bool
    is_test: bool


@cache
def _query() -> "Query":
    from tree_sitter import Query

    kinds = " ".join(f"({kind})" for kind in _KINDS)
    return Query(grammar("rust"), f"[{kinds}] @item (attribute_item) @attribute")


def outline(source: bytes) -> tuple[OutlineItem, ...]:
    """Return the items of a Rust source text in order; raises as `parsing.parse_rust` does."""
    from tree_sitter import QueryCursor

    tree = parse_rust(source)
    captures = QueryCursor(_query()).captures(tree.root_node)
    tested = _starts_of_tests(captures.get("attribute", []))
    items: list[OutlineItem] = []
    around: list[tuple[int, bool]] = []  # the end byte of each item around this one, and whether it is a test
    for node in sorted(captures.get("item", []), key=lambda node: (node.start_byte, -node.end_byte)):
        while around and around[-1][0] <= node.start_byte:
            around.pop()
        is_test = node.start_byte in tested or bool(around and around[-1][1])
        items.append(
            OutlineItem(
                kind=_KINDS[node.type],
                name=_name(node),
                start_line=node.start_point.row + 1,
                end_line=node.end_point.row + 1,
                depth=len(around),
                is_public=any(child.type == "visibility_modifier" for child in node.children[:1])
                or (node.type == "macro_definition" and _is_exported(node)),
                is_test=is_test,
            )
        )
        around.append((node.end_byte, is_test))
    return tuple(items)


def _starts_of_tests(attributes: list["Node"]) -> set[int]:
    """Return the start bytes of the items that carry a test attribute."""
    starts = set()
    for attribute in attributes:
        if _TEST_ATTRIBUTE.match(attribute.text or b""):
            item = attribute.next_named_sibling
            while item and item.type in ("attribute_item", "line_comment", "block_comment"):
                item = item.next_named_sibling
            if item:
                starts.add(item.start_byte)
    return starts


def _is_exported(macro: "Node") -> bool:
    before = macro.prev_named_sibling
    while before and before.type in ("attribute_item", "line_comment", "block_comment"):
        if before.type == "attribute_item" and b"macro_export" in (before.text or b""):
            return True
        before = before.prev_named_sibling
    return False


def _name(node: "Node") -> str:
    if node.type != "impl_item":
        return _text(node.child_by_field_name("name"))
    trait = _text(node.child_by_field_name("trait"))
    implementor = _text(node.child_by_field_name("type"))
    return f"{trait} for {implementor}" if trait else implementor


def _text(node: "Node | None") -> str:
    return _SPACE.sub(" ", (node.text or b"").decode(errors="replace")) if node else ""
