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
    siblings = parent.children
    at = siblings.index(rest)
    before = _farthest_wildcard(match.unit, siblings[:at][::-1])
    after = _farthest_wildcard(match.unit, siblings[at + 1 :]) if parent.type in _POSITIONAL else None
    places = [(before.start_byte, rest.start_byte)] if before is not None else []
    if after is not None:
        places.append((rest.end_byte, after.end_byte))
    for start, end in places:
        stretch = match.unit.source[start:end]
        yield Hit(
            start,
            end,
            "`..` stands for any number of fields, so this `_` says nothing",
            "Leave `..` alone.",
            edits=() if b"//" in stretch or b"/*" in stretch else ((start, end, b""),),
        )


def _farthest_wildcard(unit: "Unit", nodes: "list[Node]") -> "Node | None":
    """Return the last of the wildcards that the nodes begin with, whatever commas are between."""
    farthest = None
    for node in nodes:
        if _is_wildcard(unit, node):
            farthest = node
        elif node.type not in COMMENTS and node.type != ",":
            break
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
