"""Style rules about operators."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from rust_ai_ide.review.findings import Category, Severity
from rust_ai_ide.review.rules.model import Hit, Match, RuleSet

if TYPE_CHECKING:
    from tree_sitter import Node

RULES = RuleSet(Category.STYLE)

_ARITHMETIC = frozenset({b"+", b"-", b"*", b"/", b"%"})


@RULES.match(
    "precedence",
    "Operators whose order few know",
    Severity.WARNING,
    0.9,
    "[(binary_expression) (closure_expression)] @expression",
    names=("<<", ">>", "&", "|", "^"),
    lint="clippy::style",
)
def precedence(match: Match) -> Iterator[Hit]:
    """Find `1 << n - 1`, which is `1 << (n - 1)`, and a method called on a closure without parentheses."""
    unit, node = match.unit, match["expression"]
    if node.type == "closure_expression":
        if _is_called_on(node):
            yield match.hit(
                node,
                "The method is called on this closure, not on what the closure returns",
                "Put the closure in parentheses.",
                edits=((node.start_byte, node.start_byte, b"("), (node.end_byte, node.end_byte, b")")),
            )
        return
    left = node.child_by_field_name("left")
    if left is not None and left.type == "range_expression":
        return  # the grammar takes the reference in `1..&n` for an operator
    operands = [
        operand
        for operand in (left, node.child_by_field_name("right"))
        if operand is not None
        and operand.type == "binary_expression"
        and unit.field(operand, "operator") in _ARITHMETIC
    ]
    if not operands:
        return
    sign = unit.field(node, "operator").decode()
    edits = []
    for operand in operands:
        edits += [(operand.start_byte, operand.start_byte, b"("), (operand.end_byte, operand.end_byte, b")")]
    yield match.hit(
        node,
        f"Arithmetic goes before `{sign}`, which is easy to misread",
        "Put the arithmetic in parentheses.",
        edits=tuple(edits),
    )


def _is_called_on(closure: "Node") -> bool:
    """Tell whether a closure that says what it returns is what a method is called on."""
    if closure.child_by_field_name("return_type") is None:
        return False
    parent = closure.parent
    return (
        parent is not None
        and parent.type == "field_expression"
        and parent.child_by_field_name("value") == closure
    )
