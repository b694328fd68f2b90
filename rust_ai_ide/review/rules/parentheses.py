"""Style rules about parentheses."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from rust_ai_ide.review.findings import Category, Severity
from rust_ai_ide.review.rules.model import Hit, Match, RuleSet
from rust_ai_ide.review.unit import COMMENTS, Unit

if TYPE_CHECKING:
    from tree_sitter import Node

RULES = RuleSet(Category.STYLE)

_OF_EXPRESSIONS = frozenset(
    {b"assert", b"assert_eq", b"assert_ne", b"debug_assert", b"debug_assert_eq", b"debug_assert_ne"}
)
_BORDERS = frozenset({b"(", b")", b"{", b"}", b",", b";", b"="})


@RULES.match(
    "double_parens",
    "Parentheses around parentheses",
    Severity.WARNING,
    0.95,
    """[(parenthesized_expression [(parenthesized_expression) (tuple_expression) (unit_expression)] @inner)
        (arguments . (parenthesized_expression) @inner .)
        (token_tree . (token_tree . "(") @trees .)]""",
    lint="clippy::complexity",
)
def double_parens(match: Match) -> Iterator[Hit]:
    """Find `((x))`, `f((x))` and, in macros whose arguments are expressions, `(((x, y)))`."""
    unit = match.unit
    if "trees" in match.nodes:
        inner = match["trees"]
        if not _is_doubled_in_macro(unit, inner):
            return
    else:
        inner = match["inner"]
    around = inner.parent
    if around is None:
        return
    inside = unit.text(inner)
    edits: tuple[tuple[int, int, bytes], ...] = ()
    if not any(child.type in COMMENTS for node in (around, inner) for child in node.children):
        if inner.type == "parenthesized_expression":
            edits = match.replaced(inner, inside[1:-1].strip())
        else:
            edits = match.replaced(around, inside)
    yield match.hit(inner, "These parentheses stand inside others", "Remove one pair.", edits=edits)


def _is_doubled_in_macro(unit: Unit, inner: "Node") -> bool:
    """Tell whether `((…))` in the tokens of a macro is an expression, or of the text that a definition writes."""
    around = inner.parent
    if around is None or unit.source[around.start_byte : inner.start_byte].strip() != b"(":
        return False
    if unit.source[inner.end_byte : around.end_byte].strip() != b")":
        return False
    if around.parent is not None and unit.text(around.parent)[:2] == b"((" and around.parent.child_count == 3:
        return False  # the outermost of several pairs tells whether they are of an expression
    if any(child.type == "token_repetition" for child in inner.children):
        return False
    holder, tree = around.parent, around
    while holder is not None and holder.type == "token_tree":
        if _is_called_macro(holder):
            return False
        tree, holder = holder, holder.parent
    if holder is None:
        return False
    if holder.type == "macro_rule":
        is_written = holder.child_by_field_name("right") == tree
        return is_written and around != tree and _is_expression(unit, around, inner)
    return (
        holder.type == "macro_invocation"
        and tree != around
        and around.parent == tree
        and unit.field(holder, "macro").rpartition(b"::")[2] in _OF_EXPRESSIONS
        and _is_argument(unit, around)
    )


def _is_called_macro(tree: "Node") -> bool:
    """Tell whether a macro is called with these tokens, within those of another."""
    before = tree.prev_sibling
    is_within = tree.parent is not None and tree.parent.type == "token_tree"
    return is_within and before is not None and before.type == "!"


def _is_argument(unit: Unit, tree: "Node") -> bool:
    before, after = tree.prev_sibling, tree.next_sibling
    return all(one is None or unit.text(one) in _BORDERS for one in (before, after))


def _is_expression(unit: Unit, around: "Node", inner: "Node") -> bool:
    """Tell whether a definition writes `((…))` as a value of its own, or `f((x))`."""
    before = around.prev_sibling
    if before is not None and before.type == "identifier":
        commas = any(unit.text(child) == b"," for child in inner.children)
        return not commas and inner.child_count > 2
    return _is_argument(unit, around)
