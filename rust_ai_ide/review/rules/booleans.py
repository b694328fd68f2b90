"""Style rules about conditions and their values."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from rust_ai_ide.review.findings import Category, Severity
from rust_ai_ide.review.rules.mending import holds_comment, is_whole, negated, starts_with_block
from rust_ai_ide.review.rules.model import Hit, Match, RuleSet
from rust_ai_ide.review.rules.patterns import BINARY, IF
from rust_ai_ide.review.rules.shapes import arguments, code_children, macro_name, sole_expression

if TYPE_CHECKING:
    from tree_sitter import Node

    from rust_ai_ide.review.unit import Unit

RULES = RuleSet(Category.STYLE)

_LONGEST_TAIL = 200  # bytes, comments in it
_LETS = frozenset({"let_condition", "let_chain"})
# What stands directly in one of these is not the operand of anything.
_OPEN = frozenset(
    {"arguments", "block", "expression_statement", "let_declaration", "match_arm", "parenthesized_expression"}
)
# The literal on the right, or on the left, of a comparison that asks for the other side or for its opposite.
_ASKING = {(b"==", b"true"), (b"!=", b"false"), (b">", b"false")}
_ASKING_OPPOSITE = {(b"==", b"false"), (b"!=", b"true"), (b"<", b"true")}
_MIRRORED = {b"<": b">", b">": b"<"}


@RULES.match(
    "bool_comparison",
    "Comparison with `true` or `false`",
    Severity.WARNING,
    0.9,
    BINARY,
    names=("==", "!=", "<", ">"),
    lint="clippy::complexity",
)
def bool_comparison(match: Match) -> Iterator[Hit]:
    """Find `x == true`."""
    unit, node, sign = match.unit, match["binary"], match.text("name")
    left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
    if left is None or right is None:
        return
    if left.type == "boolean_literal":
        literal, other, sign = left, right, _MIRRORED.get(sign, sign)
    elif right.type == "boolean_literal":
        literal, other = right, left
    else:
        return
    asked = (sign, unit.text(literal))
    if asked not in _ASKING | _ASKING_OPPOSITE or _may_be_no_bool(unit, other):
        return
    text = unit.text(other) if asked in _ASKING else negated(unit, other)
    yield match.hit(
        node,
        f"Comparing with `{asked[1].decode()}` adds nothing to a condition",
        "Use the value or its negation.",
        edits=() if holds_comment(node) or starts_with_block(other) else match.replaced(node, text),
    )


def _may_be_no_bool(unit: "Unit", operand: "Node") -> bool:
    """Tell whether an operand is a literal, a configuration, a value by key, or of a type of its own."""
    if operand.type in ("boolean_literal", "block", "reference_expression", "index_expression"):
        return True
    if operand.type in ("identifier", "scoped_identifier"):
        name = unit.text(operand).rpartition(b"::")[2]
        return name[:1].isupper() and not name.isupper()
    return macro_name(unit, operand) == b"cfg"


@RULES.match(
    "needless_bool",
    "`if` that only gives back its own condition",
    Severity.WARNING,
    0.95,
    IF,
    lint="clippy::complexity",
)
def needless_bool(match: Match) -> Iterator[Hit]:
    """Find `if c { true } else { false }`, its negation, and `if c { return true; }` before a last `false`."""
    node, unit = match["if"], match.unit
    condition, alternative = (node.child_by_field_name(name) for name in ("condition", "alternative"))
    if condition is None or condition.type in _LETS:
        return
    if alternative is None:
        yield from _early_return(match, condition)
        return
    consequence = sole_expression(node.child_by_field_name("consequence"))
    otherwise = sole_expression(alternative.named_children[0]) if alternative.named_child_count == 1 else None
    if consequence is None or otherwise is None or consequence.type != otherwise.type:
        return
    first, second = _unreturned(consequence), _unreturned(otherwise)
    if first is None or second is None or {first.type, second.type} != {"boolean_literal"}:
        return
    if unit.text(first) == unit.text(second):
        word = unit.text(first).decode()
        yield match.hit(node, f"This `if` gives `{word}` on both ways", f"Use `{word}`.")
        return
    edits: tuple[tuple[int, int, bytes], ...] = ()
    if not holds_comment(node):
        text = unit.text(condition) if unit.text(first) == b"true" else negated(unit, condition)
        edits = match.replaced(node, _fitting(node, condition, text, consequence.type == "return_expression"))
    yield match.hit(
        node,
        "This `if` gives back the value of its own condition",
        "Use the condition itself.",
        edits=edits,
    )


def _unreturned(node: "Node") -> "Node | None":
    if node.type == "return_expression":
        return node.named_children[0] if node.named_child_count == 1 else None
    return node


def _fitting(node: "Node", condition: "Node", text: bytes, is_returned: bool) -> bytes:
    """Return the condition as it can stand in the place of an `if`."""
    if is_returned:
        text = b"return " + text
        if node.parent is not None and node.parent.type == "expression_statement":
            text += b";" if node.parent.child_count == 1 else b""
    elif starts_with_block(condition) or not (
        is_whole(condition) or (node.parent is not None and node.parent.type in _OPEN | {"else_clause"})
    ):
        text = b"(" + text + b")"
    return b"{ " + text + b" }" if node.parent is not None and node.parent.type == "else_clause" else text


def _early_return(match: Match, condition: "Node") -> Iterator[Hit]:
    """Find the same with an early `return`, wrapped in `Ok` and its like or bare, at the end of a function."""
    node, unit = match["if"], match.unit
    statement = node.parent
    if statement is None or statement.type != "expression_statement" or statement.child_count > 1:
        return
    given = _guarded(unit, node)
    block = statement.parent
    if given is None or block is None or block.parent is None or block.parent.type != "function_item":
        return
    if block.end_byte - statement.end_byte > _LONGEST_TAIL:
        return  # told without asking for siblings, which takes time by their number
    last = statement.next_named_sibling
    if last is None or code_children(block)[-1] != last:
        return
    wrapped = _wrapped(unit, last)
    if wrapped is None or wrapped[0] != given[0] or wrapped[1] == given[1]:
        return
    before = statement.prev_named_sibling
    if before is not None and before.type == "expression_statement":
        earlier = before.named_children[0]
        if earlier.type == "if_expression" and _guarded(unit, earlier):
            return  # one of several that read alike
    text = unit.text(condition) if given[1] == b"true" else negated(unit, condition)
    if given[0]:
        text = given[0] + b"(" + text + b")"
    elif starts_with_block(condition):
        text = b"(" + text + b")"
    yield Hit(
        node.start_byte,
        last.end_byte,
        "This `if` and what follows give back the value of its condition",
        "Use the condition itself.",
        edits=() if holds_comment(node) else ((node.start_byte, last.end_byte, text),),
    )


def _guarded(unit: "Unit", node: "Node") -> tuple[bytes, bytes] | None:
    """Return the wrapper and the literal that an `if` without `else` does nothing but return."""
    only = sole_expression(node.child_by_field_name("consequence"))
    if only is None or only.type != "return_expression" or node.child_by_field_name("alternative"):
        return None
    value = _unreturned(only)
    return _wrapped(unit, value) if value is not None else None


def _wrapped(unit: "Unit", node: "Node") -> tuple[bytes, bytes] | None:
    """Return the constructor around a boolean literal, empty for none, and the literal."""
    if node.type == "boolean_literal":
        return b"", unit.text(node)
    if node.type != "call_expression":
        return None
    name, given = unit.field(node, "function"), arguments(node)
    if len(given) != 1 or given[0].type != "boolean_literal":
        return None
    return (name, unit.text(given[0])) if name.rpartition(b"::")[2][:1].isupper() else None
