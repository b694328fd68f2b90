"""`commentRemoval`: the same code without its comments."""

import random
from typing import TYPE_CHECKING

from rust_ai_ide.training.datasets.augmenting.edits import Edit, apply, around, nodes, text_of

if TYPE_CHECKING:
    from tree_sitter import Node, Tree


def without_comments(source: bytes, tree: "Tree", chance: random.Random) -> bytes:
    """Return the text without comments; a line that held nothing else goes with its comment.

    Documentation inside macros stays, since a macro may ask for it.
    """
    comments = [
        node for node in nodes(tree.root_node, "[(line_comment) (block_comment)] @c") if _may_go(node)
    ]
    # The second edit of a comment with others beside it on its line must not take the line break again.
    return apply(source, [_removal(source, node) for node in comments])


def _may_go(comment: "Node") -> bool:
    is_documentation = text_of(comment).startswith(("///", "//!", "/**", "/*!"))
    return not is_documentation or not any(node.type == "token_tree" for node in around(comment))


def _removal(source: bytes, comment: "Node") -> Edit:
    start, end = comment.start_byte, comment.end_byte
    if source[start:end].endswith(b"\n"):
        end -= 1  # a line doc comment owns its line break in the grammar
    line = source.rfind(b"\n", 0, start) + 1
    before = source[line:start]
    after = source.find(b"\n", end)
    after = len(source) if after < 0 else after
    if not source[end:after].strip():
        if not before.strip():
            return Edit(line, min(after + 1, len(source)), b"")
        return Edit(line + len(before.rstrip()), after, b"")
    # Between two tokens a space must stay where the comment was.
    return Edit(start, end, b" ")
