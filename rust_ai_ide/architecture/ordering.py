"""The nodes of a graph in an order that puts users before what they use, as far as cycles let it."""

import heapq
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from rust_ai_ide.architecture.cutting import cheapest_cut
from rust_ai_ide.architecture.graph import Edge, Graph, cycles

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Order:
    """Groups of nodes, users first; the members of a group of several all reach each other.

    Inside a group the order is the one against which the fewest places stand. `feedback` are the edges that
    stand against the order; without them there is no cycle, and with any one of them there is.
    """

    groups: tuple[tuple[str, ...], ...]
    feedback: tuple[Edge, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """All nodes in order."""
        return tuple(name for group in self.groups for name in group)


def dependency_order(graph: Graph) -> Order:
    """Return the order of a graph. Edges that only test code has do not count."""
    edges = [edge for edge in graph.edges if not edge.is_test]
    feedback: list[Edge] = []
    group_of = {node.id: node.id for node in graph.nodes}
    inside: dict[str, tuple[str, ...]] = {node.id: (node.id,) for node in graph.nodes}
    for cycle in cycles(graph):
        cut = _needed(cycle.edges, cheapest_cut(cycle).edges)
        feedback += cut
        kept = set(cycle.edges).difference(cut)
        first = cycle.nodes[0]
        group_of.update(dict.fromkeys(cycle.nodes, first))
        inside[first] = _sorted(cycle.nodes, ((edge.source, edge.target) for edge in kept))
    between = ((group_of[edge.source], group_of[edge.target]) for edge in edges)
    order = _sorted(sorted(set(group_of.values())), ((one, other) for one, other in between if one != other))
    return Order(
        tuple(inside[name] for name in order),
        tuple(sorted(feedback, key=lambda edge: (edge.source, edge.target))),
    )


def _needed(edges: Iterable[Edge], cut: Iterable[Edge]) -> list[Edge]:
    """Return those edges of a cut that close a circle; what a good order alone took for it is left out."""
    out: dict[str, set[str]] = defaultdict(set)
    taken = list(cut)
    for edge in set(edges).difference(taken):
        out[edge.source].add(edge.target)
    needed = []
    for edge in reversed(taken):  # those of many places first: they are the ones to keep
        if _reaches(out, edge.target, edge.source):
            needed.append(edge)
        else:
            out[edge.source].add(edge.target)
    return needed


def _reaches(out: Mapping[str, set[str]], start: str, end: str) -> bool:
    seen, waiting = {start}, [start]
    while waiting:
        at = waiting.pop()
        if at == end:
            return True
        fresh = out.get(at, set()) - seen
        seen |= fresh
        waiting += fresh
    return False


def _sorted(names: Iterable[str], pairs: Iterable[Pair]) -> tuple[str, ...]:
    """Return names in topological order, by name where nothing else decides."""
    out: dict[str, set[str]] = defaultdict(set)
    for source, target in pairs:
        out[source].add(target)
    users = dict.fromkeys(names, 0)
    for targets in out.values():
        for target in targets:
            users[target] += 1
    free = [name for name, count in users.items() if not count]
    heapq.heapify(free)
    order = []
    while free:
        name = heapq.heappop(free)
        order.append(name)
        for target in out[name]:
            users[target] -= 1
            if not users[target]:
                heapq.heappush(free, target)
    return tuple(order)
