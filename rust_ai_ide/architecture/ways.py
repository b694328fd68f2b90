"""How one node of a graph gets to another: chains of uses, the shortest first."""

from collections import defaultdict, deque
from collections.abc import Iterable
from dataclasses import dataclass, replace

from rust_ai_ide.architecture.graph import Edge, Graph, without

MOST_WAYS = 5


@dataclass(frozen=True, slots=True)
class Connection:
    """The ways from one node to another, each a chain of edges, and whether the second reaches the first.

    No two of the ways share an edge, so each has to be cut for the first node to be free of the second.
    """

    start: str
    end: str
    ways: tuple[tuple[Edge, ...], ...]
    leads_back: bool

    def part_of(self, graph: Graph) -> Graph:
        """Return the nodes and edges of all ways; what else the graph has counts as hidden."""
        edges = tuple(sorted({edge for way in self.ways for edge in way}, key=lambda e: (e.source, e.target)))
        names = {self.start, self.end} | {edge.target for edge in edges}
        part = without(graph, lambda node: node.id not in names)
        return replace(part, edges=edges, hidden_edges=graph.hidden_edges + len(graph.edges) - len(edges))


def connection(graph: Graph, start: str, end: str, most: int = MOST_WAYS) -> Connection:
    """Return up to `most` ways from one node to another: a shortest one, a shortest without its edges, and so on.

    Of ways of one length the first by the names of its nodes counts. Nodes that the graph has not reach nothing.
    """
    left = {(edge.source, edge.target): edge for edge in graph.edges}
    ways: list[tuple[Edge, ...]] = []
    while len(ways) < most and start != end:
        way = _shortest(left.values(), start, end)
        if not way:
            break
        ways.append(way)
        for edge in way:
            del left[(edge.source, edge.target)]
    leads_back = start != end and bool(_shortest(graph.edges, end, start))
    return Connection(start, end, tuple(ways), leads_back)


def _shortest(edges: Iterable[Edge], start: str, end: str) -> tuple[Edge, ...]:
    out: dict[str, list[Edge]] = defaultdict(list)
    for edge in edges:
        out[edge.source].append(edge)
    came_by: dict[str, Edge] = {}
    waiting = deque([start])
    while waiting and end not in came_by:
        for edge in sorted(out[waiting.popleft()], key=lambda edge: edge.target):
            if edge.target != start and edge.target not in came_by:
                came_by[edge.target] = edge
                waiting.append(edge.target)
    way: list[Edge] = []
    at = end
    while at in came_by:
        way.append(came_by[at])
        at = came_by[at].source
    return tuple(reversed(way))
