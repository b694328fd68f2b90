"""A graph in words: its nodes, and its cycles with the edges that are cheapest to cut."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rust_ai_ide.architecture.cutting import Cut, cheapest_cut
from rust_ai_ide.architecture.graph import Cycle, Edge, Graph, Node


@dataclass(frozen=True)
class NodeRow:
    """One node in words."""

    node: Node
    uses: int
    used_by: int
    heat: int | None = None


@dataclass(frozen=True)
class CycleRows:
    """A cycle with the cheapest cut through it; the edges that it takes come first, and are marked."""

    nodes: tuple[str, ...]
    cut: Cut
    edges: list[tuple[Edge, bool]]


def rows_of(graph: Graph, heat: Mapping[str, int]) -> list[NodeRow]:
    """Return a row for each node: the hottest first where there is heat, and the most connected."""
    uses = Counter(edge.source for edge in graph.edges)
    used = Counter(edge.target for edge in graph.edges)
    rows = [NodeRow(node, uses[node.id], used[node.id], heat.get(node.id)) for node in graph.nodes]
    return sorted(rows, key=lambda row: (-(row.heat or 0), -row.used_by - row.uses, row.node.id))


def cycle_rows(cycles: Sequence[Cycle]) -> list[CycleRows]:
    """Return the cycles with their cuts, which take a tenth of a second each where they are exact and large."""
    return list(map(_cut, cycles))


def _cut(cycle: Cycle) -> CycleRows:
    cut = cheapest_cut(cycle)
    taken = set(cut.edges)
    edges = [(edge, True) for edge in cut.edges] + [
        (edge, False) for edge in cycle.edges if edge not in taken
    ]
    return CycleRows(cycle.nodes, cut, edges)
