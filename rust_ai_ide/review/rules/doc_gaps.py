"""The rule about empty lines between documentation and its item."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from rust_ai_ide.review.findings import Category, Severity
from rust_ai_ide.review.rules.doc_text import documented_lines
from rust_ai_ide.review.rules.model import Hit, RuleSet
from rust_ai_ide.review.unit import COMMENTS, Unit

if TYPE_CHECKING:
    from tree_sitter import Node

RULES = RuleSet(Category.STYLE)

_GAP = re.compile(rb"\n[ \t]*\r?\n")
_CODE = re.compile(rb"\S")
_SKIPPED = COMMENTS | {"attribute_item"}
_PLACES = frozenset({"source_file", "declaration_list", "block"})
_ITEM = re.compile(
    r"\w+_item|function_signature_item|use_declaration|macro_definition|extern_crate_declaration"
)


@RULES.file(
    "empty_line_after_doc_comments",
    "Empty line between documentation and its item",
    Severity.WARNING,
    0.9,
    lint="clippy::suspicious",
)
def empty_line_after_doc_comments(unit: Unit) -> Iterator[Hit]:
    """Find documentation that an empty line parts from what it documents, once an item."""
    told = 0
    for gap in _gaps(unit.source):
        if gap.start() < told:
            continue
        documentation = _documentation_before(unit, gap.start())
        item = _item_after(unit, gap.end() - 1) if documentation is not None else None
        if documentation is None or item is None:
            continue
        told = item.start_byte
        yield Hit(
            documentation.start_byte,
            documentation.end_byte,
            "An empty line stands between this documentation and the item it documents",
            "Remove the line, or use `//` or `//!` if the comment is not about the item.",
        )


def _gaps(source: bytes) -> "Iterator[re.Match[bytes]]":
    """Yield the empty lines, in a file without `/* … */` those alone that follow `///`."""
    if b"*/" in source:
        yield from _GAP.finditer(source)
        return
    for _, end in documented_lines(source):
        if gap := _GAP.match(source, end):
            yield gap


def _documentation_before(unit: Unit, end: int) -> "Node | None":
    """Return the documentation that ends right before a byte, or above the plain comments that do.

    Goes by the text: to ask the tree for a sibling takes time by their number.
    """
    source = unit.source
    while end > 0:
        start = source.rfind(b"\n", 0, end) + 1
        line = source[start:end].strip()
        if line.startswith(b"///") and not line.startswith(b"////"):
            return _documentation_at(unit, source.find(b"///", start))
        if line.endswith(b"*/"):
            comment = _comment_at(unit, source.rfind(b"*/", start, end))
            if comment is None or _is_documentation(comment):
                return comment
            start = comment.start_byte
        elif not line.startswith(b"//") or line.startswith(b"//!"):
            return None
        end = source.rfind(b"\n", 0, start)
    return None


def _documentation_at(unit: Unit, at: int) -> "Node | None":
    comment = _comment_at(unit, at)
    return comment if comment is not None and _is_documentation(comment) else None


def _comment_at(unit: Unit, at: int) -> "Node | None":
    node = unit.root.descendant_for_byte_range(at, at + 1)
    while node is not None and node.type not in COMMENTS:
        node = node.parent
    return node


def _is_documentation(comment: "Node") -> bool:
    return any(child.type == "outer_doc_comment_marker" for child in comment.children)


def _item_after(unit: Unit, at: int) -> "Node | None":
    """Return the item that follows a byte, over comments and attributes; None where something else follows."""
    source = unit.source
    while found := _CODE.search(source, at):
        at = found.start()
        node = unit.root.descendant_for_byte_range(at, at + 1)
        if source.startswith(b"//", at):
            at = source.find(b"\n", at)
            if at < 0:
                return None
            continue
        while node is not None and (node.parent is not None and node.parent.type not in _PLACES):
            node = node.parent
        if node is None or node.parent is None or node.start_byte != at:
            return None
        if node.type not in _SKIPPED:
            return node if _ITEM.fullmatch(node.type) else None
        at = node.end_byte
    return None
