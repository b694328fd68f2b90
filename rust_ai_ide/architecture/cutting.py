"""The cheapest edges to cut so that a cycle is none any more.

That is a minimum feedback arc set, weighed by the number of places of each edge. Up to 14 nodes it is exact: the
cheapest order of the nodes, built up over all subsets (Lawler 1964). Beyond, the order comes from the heuristic of
Eades, Lin and Smyth (1993), and is made better by moving one node at a time; past 200 nodes it goes by who uses more
than it is used.
"""

from collections import defaultdict
from dataclasses import dataclass

from rust_ai_ide.architecture.graph import Cycle, Edge

MOST_EXACT = 14
_MOST_WEIGHED = 200
_MOST_ROUNDS = 20


@dataclass(frozen=True, slots=True)
class Cut:
    """Edges without which no cycle is left, the fewest places first in `edges`; whether no cut is cheaper."""

    edges: tuple[Edge, ...]
    is_exact: bool

    @property
    def places(self) -> int:
        """How many places have to change."""
        return sum(edge.count for edge in self.edges)


def cheapest_cut(cycle: Cycle) -> Cut:
    """Return the edges of a cycle to cut. The same cycle always gives the same ones."""
    weights: dict[tuple[int, int], int] = {}
    numbers = {name: number for number, name in enumerate(cycle.nodes)}
    for edge in cycle.edges:
        weights[(numbers[edge.source], numbers[edge.target])] = edge.count
    is_exact = len(numbers) <= MOST_EXACT
    order = _best_order(len(numbers), weights) if is_exact else _good_order(len(numbers), weights)
    rank = {node: place for place, node in enumerate(order)}
    cut = [edge for edge in cycle.edges if rank[numbers[edge.source]] > rank[numbers[edge.target]]]
    return Cut(tuple(sorted(cut, key=lambda edge: (edge.count, edge.source, edge.target))), is_exact)


def _best_order(count: int, weights: dict[tuple[int, int], int]) -> list[int]:
    """Return the order in which the edges that point back weigh least."""
    into: list[list[tuple[int, int]]] = [[] for _ in range(count)]
    for (source, target), weight in weights.items():
        into[target].append((1 << source, weight))
    whole = (1 << count) - 1
    costs, last = [0] * (whole + 1), [0] * (whole + 1)
    for chosen in range(1, whole + 1):
        best = -1
        for node in range(count):
            if not chosen >> node & 1:
                continue
            before = chosen & ~(1 << node)
            # What comes later and points at this node would point back.
            back = sum(weight for bit, weight in into[node] if not chosen & bit)
            cost = costs[before] + back
            if best < 0 or cost < best:
                best, last[chosen] = cost, node
        costs[chosen] = best
    order = []
    while whole:
        order.append(last[whole])
        whole &= ~(1 << last[whole])
    return order[::-1]


def _good_order(count: int, weights: dict[tuple[int, int], int]) -> list[int]:
    out: dict[int, dict[int, int]] = defaultdict(dict)
    into: dict[int, dict[int, int]] = defaultdict(dict)
    for (source, target), weight in weights.items():
        out[source][target] = weight
        into[target][source] = weight
    left = set(range(count))
    front: list[int] = []
    back: list[int] = []
    if count > _MOST_WEIGHED:
        return sorted(left, key=lambda node: (-_surplus(node, out, into, left), node))
    while left:
        # The node that gives most and takes least goes to the front of what is left; sinks go to the end.
        sinks = [node for node in sorted(left) if not any(other in left for other in out[node])]
        node = sinks[0] if sinks else _richest(left, out, into)
        (back if sinks else front).append(node)
        left.remove(node)
    return _improved(front + back[::-1], out, into)


def _richest(left: set[int], out: dict[int, dict[int, int]], into: dict[int, dict[int, int]]) -> int:
    return max(sorted(left), key=lambda node: _surplus(node, out, into, left))


def _surplus(
    node: int, out: dict[int, dict[int, int]], into: dict[int, dict[int, int]], among: set[int]
) -> int:
    """Return how much more a node uses than it is used, counting some nodes alone."""
    gives = sum(weight for other, weight in out[node].items() if other in among)
    return gives - sum(weight for other, weight in into[node].items() if other in among)


def _improved(order: list[int], out: dict[int, dict[int, int]], into: dict[int, dict[int, int]]) -> list[int]:
    """Move single nodes to where the edges that point back weigh less, as long as that helps."""
    for _ in range(_MOST_ROUNDS):
        is_better = False
        for node in sorted(order):
            rest = [other for other in order if other != node]
            # The cost of a place: edges from the node to what is before it, and to the node from what is after.
            cost = best = sum(into[node].values())
            best_place = 0
            for place, other in enumerate(rest, 1):
                cost += out[node].get(other, 0) - into[node].get(other, 0)
                if cost < best:
                    best, best_place = cost, place
            here = order.index(node)
            before = set(order[:here])
            now = sum(weight for other, weight in out[node].items() if other in before)
            now += sum(weight for other, weight in into[node].items() if other not in before)
            if best < now:
                order = [*rest[:best_place], node, *rest[best_place:]]
                is_better = True
        if not is_better:
            break
    return order
