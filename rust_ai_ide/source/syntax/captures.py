"""What a query finds in a syntax tree, in the order of the text."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tree_sitter import Node, Query


def captures(query: "Query", root: "Node") -> "dict[str, list[Node]]":
    """Return the nodes of each capture, outer ones before those inside them.

    The library itself gives them in an order that changes from run to run.
    """
    from tree_sitter import QueryCursor

    found: dict[str, list[Node]] = QueryCursor(query).captures(root)
    for nodes in found.values():
        nodes.sort(key=lambda node: (node.start_byte, -node.end_byte))
    return found
