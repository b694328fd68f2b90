"""What fixes need: comments that must not be lost, indentation, and brackets where an operator would catch a part."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from rust_ai_ide.review.unit import COMMENTS, Unit

if TYPE_CHECKING:
    from tree_sitter import Node

_BLOCKS = frozenset(
    {
        "async_block",
        "block",
        "const_block",
        "for_expression",
        "if_expression",
        "loop_expression",
        "match_expression",
        "unsafe_block",
        "while_expression",
    }
)
_SPANNING = frozenset({"string_literal", "raw_string_literal", "block_comment"})
_WHOLE = frozenset(
    {
        "array_expression",
        "await_expression",
        "boolean_literal",
        "call_expression",
        "field_expression",
        "identifier",
        "index_expression",
        "macro_invocation",
        "parenthesized_expression",
        "scoped_identifier",
        "self",
        "try_expression",
    }
)


def below(node: "Node") -> "Iterator[Node]":
    """Yield all nodes below a node, in no particular order."""
    waiting = list(node.children)
    while waiting:
        child = waiting.pop()
        yield child
        waiting.extend(child.children)


def holds_comment(node: "Node") -> bool:
    """Tell whether a comment stands anywhere below a node."""
    return any(child.type in COMMENTS for child in below(node))


def starts_with_block(node: "Node") -> bool:
    """Tell whether an expression begins with a block that would be taken for a statement of its own."""
    first = node
    while first.child_count:
        if first.type in _BLOCKS:
            return node.type not in _BLOCKS
        first = first.children[0]
    return False


def is_whole(node: "Node") -> bool:
    """Tell whether no operator beside an expression can catch a part of it."""
    return node.type in _WHOLE and not starts_with_block(node)


def negated(unit: Unit, condition: "Node") -> bytes:
    """Return the text of the opposite of a condition, which is whole but for a comparison."""
    text = unit.text(condition)
    if condition.type == "unary_expression":
        return text[1:].lstrip() if text.startswith(b"!") else b"!" + text
    if condition.type == "binary_expression" and (sign := condition.child_by_field_name("operator")):
        opposite = {b"==": b"!=", b"!=": b"=="}.get(unit.text(sign))
        if opposite:
            at = sign.start_byte - condition.start_byte
            return text[:at] + opposite + text[at + 2 :]
    return b"!" + text if is_whole(condition) else b"!(" + text + b")"


def indentation(source: bytes, at: int) -> bytes:
    """Return the white space that begins the line of a byte."""
    line = source[source.rfind(b"\n", 0, at) + 1 : at]
    return line[: len(line) - len(line.lstrip(b" \t"))]


def moved(unit: Unit, within: "Node", start: int, end: int, indent: bytes) -> bytes:
    """Return a stretch inside a node so that its least indented line, the first apart, is indented as wanted.

    Text that spans lines, such as a string, keeps the whole stretch as it is.
    """
    text = unit.source[start:end]
    if b"\n" not in text or any(
        child.type in _SPANNING and child.start_point[0] != child.end_point[0] for child in below(within)
    ):
        return text
    first, *others = text.split(b"\n")
    margins = [line[: len(line) - len(line.lstrip(b" \t"))] for line in others if line.strip()]
    margin = len(min(margins, key=len, default=b""))
    return b"\n".join([first, *(indent + line[margin:] if line.strip() else line for line in others)])
