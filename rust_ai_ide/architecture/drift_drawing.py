"""Draws how two architectures differ: only what came, what went, and what they touch."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from rust_ai_ide.architecture.drawing import draw, marked
from rust_ai_ide.architecture.drift import Drift
from rust_ai_ide.architecture.graph import Edge, Graph, collapse, merged, representatives

CAME, WENT, TANGLED, CHANGED = "came", "went", "tangled", "changed"
MOST_DRAWN = 60


@dataclass(frozen=True, slots=True)
class DriftDrawing:
    """A drawing as SVG, and the graph that it shows, with the number of nodes and edges that are folded in it."""

    svg: str
    shown: Graph


def draw_drift(found: Drift, before: Graph, after: Graph, limit: int = MOST_DRAWN) -> DriftDrawing:
    """Draw the differences of two graphs of modules.

    Nodes and edges are marked by the classes `came` and `went`, edges that are new in a cycle by `tangled`, and
    what folds together things that differ by `changed`. Raises DrawingFailed.
    """
    edges = {(edge.source, edge.target): edge for edge in (*found.added, *found.removed, *found.entangled)}
    names = {name for pair in edges for name in pair}.union(found.added_modules, found.removed_modules)
    nodes = {node.id: node for node in (*before.nodes, *after.nodes) if node.id in names}
    whole = Graph(tuple(nodes[name] for name in sorted(nodes)), merged(edges.values()))
    shown = collapse(whole, limit)
    standing = representatives(whole, shown)
    node_marks: dict[str, set[str]] = defaultdict(set)
    for name in nodes:
        node_marks[standing[name]].add(_node_mark(found, name))
    edge_marks: dict[tuple[str, str], set[str]] = defaultdict(set)
    for mark, some in ((CAME, found.added), (WENT, found.removed), (TANGLED, found.entangled)):
        for source, target in _pairs(some):
            edge_marks[standing[source], standing[target]].add(mark)
    svg = marked(
        draw(shown, title="What came and what went", limit=limit),
        {name: _together(marks) for name, marks in node_marks.items()},
        {pair: _together(marks) for pair, marks in edge_marks.items()},
    )
    return DriftDrawing(svg, shown)


def _node_mark(found: Drift, name: str) -> str:
    if name in found.added_modules:
        return CAME
    return WENT if name in found.removed_modules else ""


def _together(marks: set[str]) -> str:
    if TANGLED in marks:
        return TANGLED
    return marks.pop() if len(marks) == 1 else CHANGED


def _pairs(edges: Iterable[Edge]) -> Iterable[tuple[str, str]]:
    return ((edge.source, edge.target) for edge in edges)
