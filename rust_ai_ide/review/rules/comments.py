"""Style rules about documentation comments."""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

from rust_ai_ide.review.findings import Category, Severity
from rust_ai_ide.review.rules.model import Hit, Match, RuleSet, Where
from rust_ai_ide.review.rules.shapes import in_trait_impl, is_fully_visible, is_public, owner
from rust_ai_ide.review.unit import COMMENTS, Unit

if TYPE_CHECKING:
    from tree_sitter import Node

RULES = RuleSet(Category.STYLE)

_TABBED = re.compile(rb"^[ \t]*//(?:/(?!/)|!)([^\n\t]*\t[^\n]*)", re.MULTILINE)
_TABS = re.compile(rb"\t+")
_WIDTH = 4
_PRIVATE_TYPE = re.compile(rb"^[ \t]*(?:pub\s*\([^)]*\)\s*)?(?:struct|enum|union)\s+(\w+)", re.MULTILINE)


@RULES.match(
    "missing_docs",
    "Public item without documentation",
    Severity.INFO,
    0.55,
    "[(function_item) (struct_item) (enum_item) (trait_item) (const_item) (static_item) (type_item) "
    "(union_item)] @item",
    where=Where.LIBRARY,
    lint="rustc::missing_docs",
)
def missing_docs(match: Match) -> Iterator[Hit]:
    """Find public items of a library that say nothing about themselves."""
    unit, item = match.unit, match["item"]
    if not is_public(unit, item) or _follows_documentation(unit.source, item.start_byte):
        return
    if not is_fully_visible(unit, item) or in_trait_impl(unit, item):
        return
    for before in unit.attributes_before(item):
        text = unit.text(before)
        if text.startswith((b"///", b"/**")) or (b"doc" in text and before.type == "attribute_item"):
            return
    name = item.child_by_field_name("name")
    if name and not _is_of_private_type(unit, item):
        shown = unit.text(name).decode(errors="replace")
        yield match.hit(name, f"The public item `{shown}` has no documentation", "Add a `///` comment.")


def _is_of_private_type(unit: Unit, item: "Node") -> bool:
    """Tell whether an item belongs to a type that this file declares without `pub`."""
    around = owner(unit, item)
    kind = around.child_by_field_name("type") if around is not None else None
    if kind is None:
        return False
    name = unit.field(kind, "type") if kind.type == "generic_type" else unit.text(kind)
    return name in _private_types(unit.source)


@lru_cache(maxsize=1)
def _private_types(source: bytes) -> frozenset[bytes]:
    return frozenset(_PRIVATE_TYPE.findall(source))


def _follows_documentation(source: bytes, at: int) -> bool:
    """Tell whether the line above is one of documentation, the common case, without asking the tree."""
    end = source.rfind(b"\n", 0, at)
    return end > 0 and source[source.rfind(b"\n", 0, end) + 1 : end].lstrip().startswith(b"///")


@RULES.file(
    "tabs_in_doc_comments", "Tab in a documentation comment", Severity.WARNING, 0.95, lint="clippy::style"
)
def tabs_in_doc_comments(unit: Unit) -> Iterator[Hit]:
    """Find tabs, which rustdoc and editors show with different widths."""
    for line in _TABBED.finditer(unit.source) if b"\t" in unit.source else ():
        if not _in_comment(unit, line.start(1)):
            continue
        for tabs in _TABS.finditer(unit.source, line.start(1), line.end(1)):
            start, end = tabs.span()
            message = "Tabs in documentation are shown with a different width everywhere"
            edits = ((start, end, b" " * _WIDTH * (end - start)),)
            yield Hit(start, end, message, "Use spaces.", edits=edits)


def _in_comment(unit: Unit, at: int) -> bool:
    node = unit.root.descendant_for_byte_range(at, at + 1)
    while node is not None and node.type not in COMMENTS:
        if node.type in ("string_literal", "raw_string_literal", "source_file"):
            return False
        node = node.parent
    return node is not None
