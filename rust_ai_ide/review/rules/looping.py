"""Questions about what a loop does in each of its rounds."""

import re
from typing import TYPE_CHECKING

from rust_ai_ide.review.rules.bindings import LONGEST
from rust_ai_ide.review.unit import LOOPS, Unit

if TYPE_CHECKING:
    from tree_sitter import Node

_ITEMS = frozenset({"function_item", "closure_expression"})
_JUMPS = frozenset({"return_expression", "break_expression"})


def loop_around(unit: Unit, node: "Node") -> "Node | None":
    """Return the loop in whose rounds a node is evaluated, the body alone for `for`; None for very long ones."""
    scope = unit.enclosing(node.start_byte, LOOPS, _ITEMS)
    return scope.node if scope and scope.end - scope.start <= LONGEST else None


def is_new_each_round(unit: Unit, loop: "Node", variable: bytes) -> bool:
    """Tell whether a variable, or the one that it is a field of, is made anew in each round."""
    name = re.escape(variable.partition(b".")[0])
    if re.search(rb"\blet\s+(?:mut\s+)?" + name + rb"\b", unit.text(loop)):
        return True
    around = loop.parent
    pattern = unit.field(around, "pattern") if around and around.type == "for_expression" else b""
    return re.search(rb"\b" + name + rb"\b", pattern) is not None


def leaves_loop(node: "Node") -> bool:
    """Tell whether an expression is part of a jump out of the loop, or its block ends with one."""
    at: Node | None = node
    while at is not None and at.type != "block":
        if at.type in _JUMPS:
            return True
        at = at.parent
    last = at.named_children[-1] if at is not None else None
    return last is not None and (last.type in _JUMPS or any(child.type in _JUMPS for child in last.children))
