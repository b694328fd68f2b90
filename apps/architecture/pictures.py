"""What the architecture page shows of a graph: a drawing or a matrix, and the same in rows."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from django.utils.safestring import SafeString, mark_safe

from apps.architecture.asking import GRAPH, HEATS, MATRIX, RANKS, View
from apps.architecture.heating import heat_values
from apps.architecture.matrices import MatrixShown, matrix_shown
from apps.architecture.rows import CycleRows, NodeRow, cycle_rows, rows_of
from apps.architecture.selectors import StoredModel, graph_at
from rust_ai_ide.architecture.choosing import chosen as chosen_of
from rust_ai_ide.architecture.drawing import DrawingFailed, draw, shaded
from rust_ai_ide.architecture.graph import MOST_VISIBLE, Edge, Graph, collapse, cycles
from rust_ai_ide.architecture.heat import Heat, folded_values, heat_of
from rust_ai_ide.architecture.level_drawing import draw_levels
from rust_ai_ide.architecture.levels import level_map
from rust_ai_ide.architecture.ways import Connection, connection

MOST_DRAWN = 60
"""More nodes than this are folded into those around them: what cannot be read at a glance is no picture."""
MOST_NAMED = 5_000
"""How many nodes the fields for ways propose."""


@dataclass(frozen=True)
class Picture:
    """A drawing or a matrix with what it leaves out, and the rows that say the same."""

    svg: SafeString
    problem: str
    matrix: MatrixShown | None
    shown: Graph
    rows: list[NodeRow]
    cycles: list[CycleRows]
    connection: Connection | None
    names: tuple[str, ...]
    unknown: str
    asked_edge: Edge | None
    heat: Heat

    @property
    def is_folded(self) -> bool:
        """Return whether some nodes stand for several."""
        return any(node.size > 1 for node in self.shown.nodes)

    @property
    def hidden_nodes(self) -> int:
        """Return how many nodes are left out or folded."""
        return self.shown.hidden_nodes

    @property
    def hidden_edges(self) -> int:
        """Return how many edges are left out or folded."""
        return self.shown.hidden_edges


def picture_of(model: StoredModel, view: View, by_file: Mapping[str, int] | None = None) -> Picture:
    """Draw what the reader asked to see; `by_file` are the figures of files that become the heat of nodes."""
    chosen = chosen_of(graph_at(model, view.level), view.choice)
    names = tuple(node.id for node in chosen.nodes)
    found = connection(chosen, view.start, view.end) if view.asks_way else None
    if found is not None and found.ways:
        chosen = found.part_of(chosen)
    part = _Part(model.made, view.part, chosen)
    shown = collapse(chosen, MOST_DRAWN if view.shape == GRAPH else MOST_VISIBLE)
    values = heat_values(model, by_file, view) if by_file else {}
    heat = heat_of(folded_values(chosen, shown, values))
    svg, problem = "", ""
    if view.shape == GRAPH:
        svg, problem = _drawn(part)
    elif view.shape == RANKS:
        svg = draw_levels(level_map(shown))
    if svg and heat.bounds:
        svg = shaded(svg, heat, HEATS[view.heat])
    return Picture(
        svg=mark_safe(svg),  # noqa: S308 - the engine builds it of safe parts
        problem=problem,
        matrix=matrix_shown(shown, heat) if view.shape == MATRIX else None,
        shown=shown,
        rows=rows_of(chosen, values),
        cycles=_cut(part),
        connection=found,
        names=names[:MOST_NAMED],
        unknown=next((name for name in (view.start, view.end) if name not in names), ""),
        asked_edge=_edge(shown, view),
        heat=heat,
    )


def _edge(graph: Graph, view: View) -> Edge | None:
    asked = (edge for edge in graph.edges if (edge.source, edge.target) == (view.user, view.used))
    return next(asked, None)


@dataclass(frozen=True)
class _Part:
    """A part of a model to draw, with its graph; equal to another of the same model and choice."""

    made: str
    choice: Hashable
    graph: Graph = field(compare=False)


@lru_cache(maxsize=64)
def _cut(part: _Part) -> list[CycleRows]:
    return cycle_rows(cycles(part.graph))


@lru_cache(maxsize=64)
def _drawn(part: _Part) -> tuple[str, str]:
    if not part.graph.nodes:
        return "", ""
    shown = collapse(part.graph, MOST_DRAWN)
    try:
        return draw(shown, circles=cycles(shown), limit=MOST_DRAWN), ""
    except DrawingFailed as error:
        return "", str(error)
