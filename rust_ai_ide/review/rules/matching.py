"""Style rules about patterns."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from rust_ai_ide.review.findings import Category, Severity
from rust_ai_ide.review.rules.alternatives import alternatives, is_inside_mergeable, merged
from rust_ai_ide.review.rules.mending import holds_comment
from rust_ai_ide.review.rules.model import Hit, Match, RuleSet
from rust_ai_ide.review.unit import COMMENTS

if TYPE_CHECKING:
    from tree_sitter import Node

    from rust_ai_ide.review.unit import Unit

RULES = RuleSet(Category.STYLE)

_POSITIONAL = frozenset({"tuple_pattern", "tuple_struct_pattern"})


@RULES.match(
    "unneeded_wildcard_pattern",
    "`_` beside `..`",
    Severity.WARNING,
    0.97,
    "(remaining_field_pattern) @rest",
    lint="clippy::complexity",
)
def unneeded_wildcard_pattern(match: Match) -> Iterator[Hit]:
    """Find `(a, _, ..)` and `S { a, b: _, .. }`; in a slice, `_` asks for one element more."""
    rest, parent = match["rest"], match["rest"].parent
    if parent is None or not (parent.type in _POSITIONAL or parent.type == "struct_pattern"):
        return
    before = _wildcards(match.unit, rest.prev_sibling, back=True)
    after = _wildcards(match.unit, rest.next_sibling, back=False) if parent.type in _POSITIONAL else None
    for first, start, end in (
        (before, before.start_byte if before else 0, rest.start_byte),
        (after, rest.end_byte, after.end_byte if after else 0),
    ):
        if first is None:
            continue
        stretch = match.unit.source[start:end]
        yield Hit(
            min(start, first.start_byte) if first is before else first.start_byte,
            max(first.end_byte, start) if first is before else end,
            "`..` stands for any number of fields, so this `_` says nothing",
            "Leave `..` alone.",
            edits=() if b"//" in stretch or b"/*" in stretch else ((start, end, b""),),
        )


def _wildcards(unit: "Unit", node: "Node | None", back: bool) -> "Node | None":
    """Return the farthest of the wildcards that stand in a row from a place on."""
    farthest = None
    while node is not None and (node.type in COMMENTS or node.type == "," or _is_wildcard(unit, node)):
        if _is_wildcard(unit, node):
            farthest = node
        node = node.prev_sibling if back else node.next_sibling
    return farthest


def _is_wildcard(unit: "Unit", node: "Node") -> bool:
    if node.type == "field_pattern":
        return unit.text(node).rpartition(b":")[2].strip() == b"_"
    return node.type == "_"


@RULES.match(
    "unnested_or_patterns",
    "Alternatives that differ in one place",
    Severity.INFO,
    0.9,
    "(or_pattern) @or",
    lint="clippy::pedantic",
)
def unnested_or_patterns(match: Match) -> Iterator[Hit]:
    """Find `Some(1) | Some(2)`, which is `Some(1 | 2)`, and `1 | (2 | 3)`."""
    node = match["or"]
    if node.parent is not None and node.parent.type == "or_pattern":
        return
    text = merged(match.unit, alternatives(node))
    if text is None or is_inside_mergeable(match.unit, node):
        return
    yield match.hit(
        node,
        "These alternatives differ in one place only",
        "Write the `|` in that place.",
        edits=() if holds_comment(node) else match.replaced(node, text),
    )
