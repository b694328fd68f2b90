"""Style rules about documentation comments."""

import re
from collections.abc import Iterator

from rust_ai_ide.review.findings import Category, Severity
from rust_ai_ide.review.rules.model import Hit, Match, RuleSet, Where
from rust_ai_ide.review.rules.shapes import in_trait_impl, is_fully_visible
from rust_ai_ide.review.unit import COMMENTS, Unit

RULES = RuleSet(Category.STYLE)

_TAB = re.compile(rb"^[ \t]*//[/!][^\n\t]*(\t+)", re.MULTILINE)
_GAP = re.compile(rb"(///(?!/)[^\n]*)\n(?:[ \t]*\r?\n)+[ \t]*(?=[A-Za-z#])")


@RULES.match(
    "missing_docs",
    "Public item without documentation",
    Severity.INFO,
    0.9,
    "[(function_item) (struct_item) (enum_item) (trait_item) (const_item) (static_item) (type_item) "
    "(union_item)] @item",
    where=Where.LIBRARY,
    lint="rustc::missing_docs",
)
def missing_docs(match: Match) -> Iterator[Hit]:
    """Find public items of a library that say nothing about themselves."""
    unit, item = match.unit, match["item"]
    if not is_fully_visible(unit, item) or in_trait_impl(unit, item):
        return
    for before in unit.attributes_before(item):
        text = unit.text(before)
        if text.startswith((b"///", b"/**")) or (b"doc" in text and before.type == "attribute_item"):
            return
    name = item.child_by_field_name("name")
    if name:
        shown = unit.text(name).decode(errors="replace")
        yield match.hit(name, f"The public item `{shown}` has no documentation", "Add a `///` comment.")


@RULES.file(
    "tabs_in_doc_comments", "Tab in a documentation comment", Severity.WARNING, 0.95, lint="clippy::style"
)
def tabs_in_doc_comments(unit: Unit) -> Iterator[Hit]:
    """Find tabs, which rustdoc and editors show with different widths."""
    if b"\t" in unit.source:
        for match in _TAB.finditer(unit.source):
            if _in_comment(unit, match.start(1)):
                message = "Tabs in documentation are shown with a different width everywhere"
                yield Hit(match.start(1), match.end(1), message, "Use spaces.")


@RULES.file(
    "empty_line_after_doc_comments",
    "Empty line between documentation and its item",
    Severity.WARNING,
    0.85,
    lint="clippy::suspicious",
)
def empty_line_after_doc_comments(unit: Unit) -> Iterator[Hit]:
    """Find documentation that a blank line parts from what it documents."""
    for match in _GAP.finditer(unit.source):
        line_start = unit.source.rfind(b"\n", 0, match.start()) + 1
        if not unit.source[line_start : match.start()].strip() and _in_comment(unit, match.start(1)):
            yield Hit(
                match.start(1),
                match.end(1),
                "An empty line stands between this documentation and the item it documents",
                "Remove the line, or use `//` or `//!` if the comment is not about the item.",
            )


def _in_comment(unit: Unit, at: int) -> bool:
    node = unit.root.descendant_for_byte_range(at, at + 1)
    while node is not None and node.type not in COMMENTS:
        if node.type in ("string_literal", "raw_string_literal", "source_file"):
            return False
        node = node.parent
    return node is not None
