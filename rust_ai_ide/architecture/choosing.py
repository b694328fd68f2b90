"""The part of a graph that somebody asked to see."""

from collections import defaultdict
from dataclasses import dataclass

from rust_ai_ide.architecture.graph import AROUND, Graph, Node, neighbourhood, without

OUTSIDE = frozenset({"external", "standard"})
"""Kinds of nodes that lie outside of the workspace."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What to show: test code, crates from outside, one crate alone, what lies in one node or around one.

    From the node `focus` it goes `depth` edges far, in a `direction` as `neighbourhood` has them.
    """

    tests: bool = False
    external: bool = False
    crate: str = ""
    inside: str = ""
    focus: str = ""
    depth: int = 1
    direction: str = AROUND


def chosen(graph: Graph, choice: Choice) -> Graph:
    """Return the part of a graph that was chosen; crates and nodes that are not there choose nothing."""

    def is_unwanted(node: Node) -> bool:
        return (node.is_test and not choice.tests) or (node.kind in OUTSIDE and not choice.external)

    graph = without(graph, is_unwanted)
    if choice.crate in {node.crate for node in graph.nodes}:
        graph = without(graph, lambda node: node.crate != choice.crate)
    if choice.inside in {node.id for node in graph.nodes}:
        members = _members(graph, choice.inside)
        graph = without(graph, lambda node: node.id not in members)
    if not choice.tests:
        edges = tuple(edge for edge in graph.edges if not edge.is_test)
        graph = Graph(
            graph.nodes, edges, graph.hidden_nodes, graph.hidden_edges + len(graph.edges) - len(edges)
        )
    if choice.focus in {node.id for node in graph.nodes}:
        graph = neighbourhood(graph, choice.focus, choice.depth, choice.direction)
    return graph


def _members(graph: Graph, name: str) -> set[str]:
    """Return a node and all that lies in it, however deep."""
    beneath: dict[str, list[str]] = defaultdict(list)
    for node in graph.nodes:
        if node.parent is not None:
            beneath[node.parent].append(node.id)
    found, waiting = {name}, [name]
    while waiting:
        inner = [one for one in beneath[waiting.pop()] if one not in found]
        found.update(inner)
        waiting += inner
    return found
