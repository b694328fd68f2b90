"""What the architecture page shows of a graph: a drawing, and the same in rows."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.utils.safestring import SafeString, mark_safe

from apps.architecture.asking import View
from apps.architecture.selectors import cycles_at, graph_at
from rust_ai_ide.architecture.choosing import chosen as chosen_of
from rust_ai_ide.architecture.cutting import Cut, cheapest_cut
from rust_ai_ide.architecture.drawing import DrawingFailed, draw
from rust_ai_ide.architecture.graph import Cycle, Edge, Graph, Node, collapse
from rust_ai_ide.architecture.ways import Connection, connection

MOST_DRAWN = 60
"""More nodes than this are folded into those around them: what cannot be read at a glance is no picture."""
MOST_NAMED = 5_000
"""How many nodes the fields for ways propose."""


@dataclass(frozen=True)
class NodeRow:
    """One node in words."""

    node: Node
    uses: int
    used_by: int


@dataclass(frozen=True)
class CycleRows:
    """A cycle with the cheapest cut through it; the edges that it takes come first, and are marked."""

    nodes: tuple[str, ...]
    cut: Cut
    edges: list[tuple[Edge, bool]]


@dataclass(frozen=True)
class Picture:
    """A drawing with what it leaves out, and the rows that say the same."""

    svg: SafeString
    problem: str
    shown: Graph
    hidden_nodes: int
    hidden_edges: int
    rows: list[NodeRow]
    cycles: list[CycleRows]
    connection: Connection | None
    names: tuple[str, ...]


def picture_of(made: str, model: dict[str, Any], view: View) -> Picture:
    """Draw what the reader asked to see. `made` names the model, so that a drawing is made once."""
    chosen = chosen_of(graph_at(model, view.level), view.choice)
    names = tuple(node.id for node in chosen.nodes)
    found = connection(chosen, view.start, view.end) if view.asks_way else None
    if found is not None and found.ways:
        chosen = found.part_of(chosen)
    ids = {node.id for node in chosen.nodes}
    cycles = tuple(cycle for cycle in cycles_at(model, view.level) if ids.issuperset(cycle.nodes))
    key = _Key(made, view, chosen, cycles)
    svg, problem = _drawn(key)
    shown = collapse(chosen, MOST_DRAWN)
    uses: dict[str, int] = {}
    used: dict[str, int] = {}
    for edge in chosen.edges:
        uses[edge.source] = uses.get(edge.source, 0) + 1
        used[edge.target] = used.get(edge.target, 0) + 1
    rows = [NodeRow(node, uses.get(node.id, 0), used.get(node.id, 0)) for node in chosen.nodes]
    rows.sort(key=lambda row: (-row.used_by - row.uses, row.node.id))
    return Picture(
        svg,
        problem,
        shown,
        shown.hidden_nodes,
        shown.hidden_edges,
        rows,
        _cut(key),
        found,
        names[:MOST_NAMED],
    )


def _rows_of(cycle: Cycle) -> CycleRows:
    cut = cheapest_cut(cycle)
    taken = set(cut.edges)
    edges = [(edge, True) for edge in cut.edges] + [
        (edge, False) for edge in cycle.edges if edge not in taken
    ]
    return CycleRows(cycle.nodes, cut, edges)


class _Key:
    """A graph to draw, equal to another of the same model and view."""

    def __init__(self, made: str, view: View, graph: Graph, cycles: tuple[Cycle, ...]) -> None:
        self.identity = (made, view)
        self.graph = graph
        self.cycles = cycles

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Key) and self.identity == other.identity

    def __hash__(self) -> int:
        return hash(self.identity)


@lru_cache(maxsize=64)
def _cut(key: _Key) -> list[CycleRows]:
    """Return the cycles with their cuts, which take a tenth of a second each where they are exact and large."""
    return list(map(_rows_of, key.cycles))


@lru_cache(maxsize=64)
def _drawn(key: _Key) -> tuple[SafeString, str]:
    if not key.graph.nodes:
        return SafeString(""), ""
    try:
        return mark_safe(draw(key.graph, circles=key.cycles, limit=MOST_DRAWN)), ""  # noqa: S308 - the engine builds it of safe parts
    except DrawingFailed as error:
        return SafeString(""), str(error)
