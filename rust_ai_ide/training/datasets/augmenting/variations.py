"""`patternVariations`: the same behaviour written in another common way."""

import random
from collections.abc import Callable
from typing import TYPE_CHECKING

from rust_ai_ide.training.datasets.augmenting.edits import Edit, apply, around, nodes, text_of

if TYPE_CHECKING:
    from tree_sitter import Node, Tree

_MIRRORED = {"<": ">", ">": "<", "<=": ">=", ">=": "<="}
_PLACES = "[(if_expression) (binary_expression) (compound_assignment_expr) (return_expression)] @place"


def varied(source: bytes, tree: "Tree", chance: random.Random) -> bytes:
    """Return the text with some of its places written otherwise, each by the toss of a coin but at least one.

    `if` branches are swapped with their condition turned round, `if let … else` becomes a `match`, comparisons of plain
    names and numbers are mirrored, `x += 1` becomes `x = x + 1`, and a last `return x;` becomes `x`.
    """
    found = []
    for node in nodes(tree.root_node, _PLACES):
        edit = _VARIATIONS[node.type](source, node)
        if edit is not None:
            found.append(edit)
    if not found:
        return source
    some = [edit for edit in found if chance.random() < 0.5]
    return apply(source, some or [chance.choice(found)])


def _turned(source: bytes, node: "Node") -> Edit | None:
    condition, yes, other = (
        node.child_by_field_name(name) for name in ("condition", "consequence", "alternative")
    )
    no = other.named_children[-1] if other is not None else None
    if condition is None or yes is None or no is None or no.type != "block" or _has_comment(node):
        return None
    if condition.type == "let_condition":
        return _as_match(node, condition, yes, no)
    if nodes(condition, "[(let_condition) (let_chain)] @let"):
        return None
    if condition.type == "unary_expression" and text_of(condition).startswith("!"):
        opposite = text_of(condition)[1:].lstrip()
    else:
        opposite = f"!({text_of(condition)})"
    return Edit(node.start_byte, node.end_byte, f"if {opposite} {text_of(no)} else {text_of(yes)}".encode())


def _as_match(node: "Node", condition: "Node", yes: "Node", no: "Node") -> Edit | None:
    pattern, value = condition.child_by_field_name("pattern"), condition.child_by_field_name("value")
    # After `else` only a block or another `if` may stand.
    if pattern is None or value is None or (node.parent is not None and node.parent.type == "else_clause"):
        return None
    indent = " " * _indent(node)
    arms = f"{indent}    {text_of(pattern)} => {_deeper(yes)}\n{indent}    _ => {_deeper(no)}\n"
    return Edit(node.start_byte, node.end_byte, f"match {text_of(value)} {{\n{arms}{indent}}}".encode())


def _deeper(block: "Node") -> str:
    """Return a block one level deeper, unless that could change a string that runs over several lines."""
    text = text_of(block)
    strings = nodes(block, "[(string_literal) (raw_string_literal)] @s")
    if any(node.start_point.row != node.end_point.row for node in strings):
        return text
    first, *rest = text.split("\n")
    return "\n".join([first, *(f"    {line}" if line.strip() else line for line in rest)])


def _mirrored(source: bytes, node: "Node") -> Edit | None:
    left, operator, right = node.children if len(node.children) == 3 else (None, None, None)
    if left is None or operator is None or right is None or operator.type not in _MIRRORED:
        return None
    if {left.type, right.type} - {"identifier", "integer_literal"} or (
        left.type == right.type == "integer_literal"
    ):
        return None
    turned = f"{text_of(right)} {_MIRRORED[operator.type]} {text_of(left)}"
    return Edit(node.start_byte, node.end_byte, turned.encode())


def _written_out(source: bytes, node: "Node") -> Edit | None:
    left, operator, right = node.children if len(node.children) == 3 else (None, None, None)
    if left is None or operator is None or right is None:
        return None
    # Only for numbers are both surely the same: other types may have one operator and not the other.
    if (
        left.type != "identifier"
        or right.type != "integer_literal"
        or operator.type not in ("+=", "-=", "*=")
    ):
        return None
    name = text_of(left)
    return Edit(
        node.start_byte, node.end_byte, f"{name} = {name} {operator.type[0]} {text_of(right)}".encode()
    )


def _without_return(source: bytes, node: "Node") -> Edit | None:
    statement = node.parent
    block = statement.parent if statement is not None else None
    if statement is None or block is None or statement.type != "expression_statement":
        return None
    function = block.parent
    is_last = block.named_children[-1] == statement and text_of(statement).endswith(";")
    if not is_last or function is None or function.type != "function_item" or len(node.named_children) != 1:
        return None
    value = text_of(node.named_children[0])
    # What a method borrows from lives longer in a last expression than in a statement, and may then outlive a local.
    if "." in value and "(" in value:
        return None
    return Edit(statement.start_byte, statement.end_byte, value.encode())


def _has_comment(node: "Node") -> bool:
    """Tell whether a comment outside the branches would be lost."""
    inside = nodes(node, "[(line_comment) (block_comment)] @c")
    return any(
        next(around(comment)).type in ("if_expression", "else_clause", "let_condition") for comment in inside
    )


def _indent(node: "Node") -> int:
    """Return the indentation of the line that a node begins on."""
    root = list(around(node))[-1]
    line = (root.text or b"").split(b"\n")[node.start_point.row]
    return len(line) - len(line.lstrip(b" "))


_VARIATIONS: dict[str, Callable[[bytes, "Node"], Edit | None]] = {
    "if_expression": _turned,
    "binary_expression": _mirrored,
    "compound_assignment_expr": _written_out,
    "return_expression": _without_return,
}
