"""Tells whether code always leaves, and whether it is the last that its function does."""

from typing import TYPE_CHECKING

from rust_ai_ide.review.rules.shapes import code_children, macro_name
from rust_ai_ide.review.unit import COMMENTS, Unit

if TYPE_CHECKING:
    from tree_sitter import Node

_NEAR = 100  # bytes
JUMPS = frozenset({"return_expression", "break_expression", "continue_expression"})
RETURNS = frozenset({"return_expression"})
_PANICS = frozenset({b"panic", b"todo", b"unimplemented", b"unreachable"})
_WRAPPERS = frozenset({"expression_statement", "parenthesized_expression", "unsafe_block"})
_PASSED_THROUGH = frozenset(
    {"if_expression", "else_clause", "match_arm", "match_block", "match_expression", "unsafe_block"}
)


def always_leaves(unit: Unit, node: "Node | None", by: frozenset[str] = JUMPS) -> bool:
    """Tell whether a block or an expression leaves on every path, by such a jump or by a panic."""
    waiting = [node]
    while waiting:
        one = waiting.pop()
        if one is None:
            return False
        if one.type in by or macro_name(unit, one) in _PANICS:
            continue
        branches = _branches(one)
        if not branches:
            return False
        waiting.extend(branches)
    return True


def _branches(node: "Node") -> "list[Node | None]":
    """Return what all must leave for a node to leave, nothing for a node that does not."""
    if node.type in _WRAPPERS or node.type == "else_clause":
        return list(code_children(node)[:1])
    if node.type == "block":
        if node.children[0].type == "label":
            return []
        last = node.named_children[-1] if node.named_child_count else None
        while last is not None and (last.type == "empty_statement" or last.is_extra):
            last = last.prev_named_sibling
        return [last]
    if node.type == "if_expression":
        return [node.child_by_field_name("consequence"), node.child_by_field_name("alternative")]
    if node.type == "match_expression" and (body := node.child_by_field_name("body")):
        arms = [arm for arm in body.named_children if arm.type == "match_arm"]
        return [arm.child_by_field_name("value") for arm in arms]
    return []


def ends_its_function(unit: Unit, node: "Node") -> "tuple[bool, Node | None]":
    """Climb as long as each step is the last thing its surroundings do.

    Return whether that leads to a function, and the statement on the way whose `;` would throw a value away.
    """
    closed_by: Node | None = None
    while (parent := node.parent) is not None:
        if parent.type in ("function_item", "closure_expression"):
            return True, closed_by
        if parent.type == "block":
            if not _is_last(unit, parent, node):
                break
        elif parent.type == "expression_statement":
            if node.type != "return_expression" and _is_closed(parent):
                if not always_leaves(unit, node, RETURNS):
                    break
                closed_by = parent
        elif parent.type not in _PASSED_THROUGH or _is_tested(parent, node):
            break
        node = parent
    return False, None


def _is_closed(statement: "Node") -> bool:
    """Tell whether a `;` follows an expression; after a block, the grammar takes it for a statement of its own."""
    follower = statement.next_named_sibling
    return statement.child_count > 1 or (follower is not None and follower.type == "empty_statement")


def _is_last(unit: Unit, block: "Node", node: "Node") -> bool:
    """Tell whether nothing follows in a block; `#[cfg(…)] return x;` stands beside other versions of itself."""
    after = unit.source[node.end_byte : node.end_byte + _NEAR].lstrip()[:1]
    if after and after not in b"};/":
        return False  # told without asking for siblings, which takes time by their number
    follower = node.next_named_sibling
    while follower is not None and (follower.type in COMMENTS or follower.type == "empty_statement"):
        follower = follower.next_named_sibling
    if follower is not None or block.children[0].type == "label":
        return False
    return all(before.type in COMMENTS for before in unit.attributes_before(node))


def _is_tested(parent: "Node", node: "Node") -> bool:
    """Tell whether a node is what an `if` or `match` looks at, not what it does."""
    return any(parent.child_by_field_name(name) == node for name in ("condition", "pattern")) or (
        parent.type == "match_expression" and parent.child_by_field_name("value") == node
    )
