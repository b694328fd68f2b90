"""Style rules about operators."""

from collections.abc import Iterator

from rust_ai_ide.review.findings import Category, Severity
from rust_ai_ide.review.rules.model import Hit, Match, RuleSet

RULES = RuleSet(Category.STYLE)

_ARITHMETIC = frozenset({b"+", b"-", b"*", b"/", b"%"})


@RULES.match(
    "precedence",
    "Operators whose order few know",
    Severity.WARNING,
    0.9,
    """[(binary_expression operator: ["<<" ">>" "&" "|" "^"]) @mixed
        (field_expression value: (closure_expression return_type: (_)) @closure)]""",
    lint="clippy::style",
)
def precedence(match: Match) -> Iterator[Hit]:
    """Find `1 << n - 1`, which is `1 << (n - 1)`, and a method called on a closure without parentheses."""
    if "closure" in match.nodes:
        closure = match["closure"]
        yield match.hit(
            closure,
            "The method is called on this closure, not on what the closure returns",
            "Put the closure in parentheses.",
            edits=(
                (closure.start_byte, closure.start_byte, b"("),
                (closure.end_byte, closure.end_byte, b")"),
            ),
        )
        return
    unit, node = match.unit, match["mixed"]
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
