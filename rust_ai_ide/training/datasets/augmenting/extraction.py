"""`functionExtraction`: one function of a file as a text of its own."""

import random
import textwrap
from typing import TYPE_CHECKING

from rust_ai_ide.training.datasets.augmenting.edits import around, nodes, text_of

if TYPE_CHECKING:
    from tree_sitter import Node, Tree

LEAST_LINES = 5
_ABOUT = ("attribute_item", "line_comment", "block_comment")
_HOLDERS = ("source_file", "declaration_list")


def one_function(source: bytes, tree: "Tree", chance: random.Random) -> bytes:
    """Return one function with what documents it, a method in an `impl` of its own; all of it if there is none."""
    found = [node for node in nodes(tree.root_node, "(function_item) @f") if _can_stand_alone(node)]
    if not found:
        return source
    function = chance.choice(found)
    text = source[_start(function) : function.end_byte].decode("utf-8")
    indent = " " * function.start_point.column
    text = textwrap.dedent(indent + text) if _is_indented_evenly(text, indent) else text
    head = _head(function)
    if head:
        text = f"{head} {{\n{textwrap.indent(text, '    ') if _holds_no_text(function) else text}\n}}"
    return f"{text}\n".encode()


def _can_stand_alone(function: "Node") -> bool:
    if function.end_point.row - function.start_point.row + 1 < LEAST_LINES:
        return False
    parents = list(around(function))
    return all(node.type in (*_HOLDERS, "mod_item", "impl_item") for node in parents)


def _start(function: "Node") -> int:
    start, before = function.start_byte, function.prev_named_sibling
    while (
        before is not None and before.type in _ABOUT and not text_of(before).startswith(("//!", "/*!", "#!"))
    ):
        start, before = before.start_byte, before.prev_named_sibling
    return start


def _head(function: "Node") -> str:
    """Return what opens the `impl` around a method, or ""."""
    for node in around(function):
        if node.type == "impl_item":
            body = node.child_by_field_name("body")
            assert body is not None
            return (node.text or b"")[: body.start_byte - node.start_byte].decode("utf-8").rstrip()
    return ""


def _is_indented_evenly(text: str, indent: str) -> bool:
    return (
        all(not line.strip() or line.startswith(indent) for line in text.splitlines()[1:]) and '"' not in text
    )


def _holds_no_text(function: "Node") -> bool:
    """Tell whether indenting cannot change a string that runs over several lines."""
    strings = nodes(function, "[(string_literal) (raw_string_literal)] @s")
    return all(node.start_point.row == node.end_point.row for node in strings)
