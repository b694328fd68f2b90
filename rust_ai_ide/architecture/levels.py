"""The levels of a graph: each node stands above all that it uses, but for the edges that close circles."""

from collections import defaultdict
from dataclasses import dataclass

from rust_ai_ide.architecture.graph import Edge, Graph, Node
from rust_ai_ide.architecture.ordering import dependency_order


@dataclass(frozen=True, slots=True)
class LevelMap:
    """Nodes by level, the top first and by name in each; the edges that point up; the names of what is in a circle.

    A node of the lowest level uses nothing that is shown. The level of another is one above the highest that it
    uses: the longest chain of uses that begins at it, without the edges in `feedback`.
    """

    levels: tuple[tuple[Node, ...], ...]
    feedback: tuple[Edge, ...]
    entangled: frozenset[str]


def level_map(graph: Graph) -> LevelMap:
    """Return the levels of a graph. Edges that only test code has do not count."""
    order = dependency_order(graph)
    upward = set(order.feedback)
    targets: dict[str, list[str]] = defaultdict(list)
    for edge in graph.edges:
        if not edge.is_test and edge not in upward:
            targets[edge.source].append(edge.target)
    heights: dict[str, int] = {}
    for name in reversed(order.names):
        heights[name] = max((heights[target] + 1 for target in targets[name]), default=0)
    levels: list[list[Node]] = [[] for _ in range(max(heights.values(), default=-1) + 1)]
    for node in sorted(graph.nodes, key=lambda node: node.id):
        levels[heights[node.id]].append(node)
    return LevelMap(
        tuple(tuple(level) for level in reversed(levels)),
        order.feedback,
        frozenset(name for group in order.groups if len(group) > 1 for name in group),
    )
