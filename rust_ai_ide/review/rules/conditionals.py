"""Style rules about `if` and `return`."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from rust_ai_ide.review.findings import Category, Severity
from rust_ai_ide.review.rules.model import Hit, Match, RuleSet
from rust_ai_ide.review.rules.patterns import IF, RETURN
from rust_ai_ide.review.rules.shapes import code_children, sole_expression

if TYPE_CHECKING:
    from tree_sitter import Node

RULES = RuleSet(Category.STYLE)

_LETS = frozenset({"let_condition", "let_chain"})
_LEAVING = frozenset({"return_expression", "break_expression", "continue_expression"})
_PASSED_THROUGH = frozenset({"if_expression", "else_clause", "match_arm", "match_block", "match_expression"})


@RULES.match(
    "collapsible_if",
    "Nested `if` that could be one condition",
    Severity.WARNING,
    0.95,
    IF,
    lint="clippy::style",
)
def collapsible_if(match: Match) -> Iterator[Hit]:
    """Find `if a { if b { … } }` without any `else`."""
    outer = match["if"]
    inner = sole_expression(outer.child_by_field_name("consequence"))
    if inner is None or inner.type != "if_expression":
        return
    for one in (outer, inner):
        condition = one.child_by_field_name("condition")
        if one.child_by_field_name("alternative") or condition is None or condition.type in _LETS:
            return
    yield match.hit(outer, "This `if` holds nothing but another `if`", "Join the two conditions with `&&`.")


@RULES.match(
    "collapsible_else_if",
    "`else` block that holds only an `if`",
    Severity.WARNING,
    0.95,
    "(else_clause (block) @block) @else",
    lint="clippy::style",
)
def collapsible_else_if(match: Match) -> Iterator[Hit]:
    """Find `else { if … }`."""
    inner = sole_expression(match["block"])
    if inner is not None and inner.type == "if_expression":
        yield match.hit(match["else"], "This `else` block holds nothing but an `if`", "Write `else if`.")


@RULES.match(
    "redundant_else",
    "`else` after a branch that always leaves",
    Severity.INFO,
    0.9,
    "(expression_statement (if_expression alternative: (else_clause (block))) @if)",
    lint="clippy::pedantic",
)
def redundant_else(match: Match) -> Iterator[Hit]:
    """Find `if … { return …; } else { … }` in statement position."""
    node = match["if"]
    consequence = node.child_by_field_name("consequence")
    last = code_children(consequence)[-1:] if consequence else []
    leaving = last[0].named_child(0) if last and last[0].type == "expression_statement" else None
    alternative = node.child_by_field_name("alternative")
    if leaving is not None and leaving.type in _LEAVING and alternative is not None:
        message = "The branch before this `else` always leaves, so the `else` only adds indentation"
        yield match.hit(alternative, message, "Move the code of the `else` block out of it.")


@RULES.match(
    "needless_bool",
    "`if` that only gives back its own condition",
    Severity.WARNING,
    0.95,
    IF,
    lint="clippy::complexity",
)
def needless_bool(match: Match) -> Iterator[Hit]:
    """Find `if c { true } else { false }` and its negation."""
    node = match["if"]
    condition, alternative = (node.child_by_field_name(name) for name in ("condition", "alternative"))
    if condition is None or condition.type in _LETS or alternative is None:
        return
    values = [
        sole_expression(node.child_by_field_name("consequence")),
        sole_expression(alternative.named_child(0)),
    ]
    words = {match.unit.text(value) for value in values if value is not None}
    if words == {b"true", b"false"}:
        yield match.hit(
            node, "This `if` gives back the value of its own condition", "Use the condition itself."
        )


@RULES.match(
    "needless_return",
    "`return` at the end of a function",
    Severity.WARNING,
    0.93,
    RETURN,
    lint="clippy::style",
)
def needless_return(match: Match) -> Iterator[Hit]:
    """Find a `return` in tail position."""
    if _ends_its_function(match["return"]):
        yield match.hit(
            match["return"],
            "The function ends here anyway, so `return` is not needed",
            "Leave the value, or nothing, as the last expression.",
        )


def _ends_its_function(node: "Node") -> bool:
    """Climb as long as each step is the last thing its surroundings do."""
    while (parent := node.parent) is not None:
        if parent.type == "function_item":
            return True
        if parent.type == "closure_expression":
            return node.type == "block"
        if parent.type == "block":
            children = code_children(parent)
            position = children.index(node)
            if position != len(children) - 1 or parent.children[0].type == "label":
                return False
            if position and children[position - 1].type == "attribute_item":
                return False  # `#[cfg(…)] return x;` stands beside other versions of itself
        elif parent.type == "expression_statement":
            if node.type != "return_expression" and parent.child_count > 1:
                return False  # a statement with `;` gives no value
        elif parent.type not in _PASSED_THROUGH or _is_tested(parent, node):
            return False
        node = parent
    return False


def _is_tested(parent: "Node", node: "Node") -> bool:
    """Tell whether a node is what an `if` or `match` looks at, not what it does."""
    return any(parent.child_by_field_name(name) == node for name in ("condition", "pattern")) or (
        parent.type == "match_expression" and parent.child_by_field_name("value") == node
    )
