"""Style rules about names that are all capitals, or no words at all."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from rust_ai_ide.review.findings import Category, Severity
from rust_ai_ide.review.rules.model import Hit, Match, RuleSet
from rust_ai_ide.review.rules.patterns import TYPE_NAME
from rust_ai_ide.review.rules.shapes import has_attribute, is_public, owner
from rust_ai_ide.review.unit import Unit

if TYPE_CHECKING:
    from tree_sitter import Node

RULES = RuleSet(Category.STYLE)

_ACRONYM = re.compile(r"[A-Z]+")
_SHORTEST = 3  # `FP` is some accepted short form
_WORDLESS = re.compile(rb"_(?<=[\s(,&|\[]_)_*[0-9][_0-9]*(?=[\s),:|;=@\]])")
_PATTERNS = frozenset(
    {
        "tuple_pattern",
        "tuple_struct_pattern",
        "ref_pattern",
        "mut_pattern",
        "reference_pattern",
        "slice_pattern",
        "or_pattern",
        "captured_pattern",
        "field_pattern",
        "struct_pattern",
        "match_pattern",
    }
)


@RULES.match(
    "upper_case_acronyms",
    "Type or variant in capitals only",
    Severity.WARNING,
    0.85,
    TYPE_NAME,
    lint="clippy::style",
)
def upper_case_acronyms(match: Match) -> Iterator[Hit]:
    """Find private types and their variants named `JSON`; names that are public cannot be changed."""
    name = match.text("type")
    if len(name) < _SHORTEST or not name.isupper():
        return
    unit, item, shown = match.unit, match["item"], name.decode(errors="replace")
    if not _ACRONYM.fullmatch(shown) or _may_not_change(unit, item):
        return
    advice = f"Write `{shown[0]}{shown[1:].lower()}`."
    yield match.hit(match["type"], f"`{shown}` is written in capitals only", advice)


def _may_not_change(unit: Unit, item: "Node") -> bool:
    """Tell whether an item is public, imitates names of C, or gets its name from a trait."""
    if item.type == "enum_variant":
        enum = unit.enclosing(item.start_byte, frozenset({"enum_item"}))
        return enum is None or _may_not_change(unit, enum.node)
    return (
        is_public(unit, item)
        or has_attribute(unit, item, b"repr(C")
        or (item.type == "type_item" and owner(unit, item) is not None)
    )


@RULES.file(
    "just_underscores_and_digits",
    "Variable named with underscores and digits only",
    Severity.INFO,
    0.5,
    lint="clippy::style",
)
def just_underscores_and_digits(unit: Unit) -> Iterator[Hit]:
    """Find bindings such as `_1`, which look as if they were of a compiler."""
    for found in _WORDLESS.finditer(unit.source):
        node = unit.root.descendant_for_byte_range(found.start(), found.end())
        if node is not None and node.type == "identifier" and _is_binding(node):
            shown = found[0].decode()
            message = f"The name `{shown}` does not say what this is"
            yield Hit(found.start(), found.end(), message, "Give it a name that is a word.")


def _is_binding(identifier: "Node") -> bool:
    node, parent = identifier, identifier.parent
    while parent is not None and parent.type in _PATTERNS:
        if parent.child_by_field_name("type") == node:
            return False
        node, parent = parent, parent.parent
    if parent is None:
        return False
    if parent.type == "closure_parameters":
        return True
    return parent.child_by_field_name("pattern") == node
