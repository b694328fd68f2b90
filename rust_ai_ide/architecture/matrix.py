"""The dependency structure matrix of a graph: who uses whom as rows and columns (Steward 1981)."""

from collections.abc import Mapping
from dataclasses import dataclass

from rust_ai_ide.architecture.graph import Edge, Graph, Node
from rust_ai_ide.architecture.ordering import dependency_order

Cell = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Matrix:
    """Nodes in the order of rows and columns, users first, and the edge of each cell: its row uses its column.

    `blocks` are the places, first and last, of nodes that all reach each other. `feedback` are the cells that
    stand against the order: all that lie below the diagonal, but for those of test code.
    """

    nodes: tuple[Node, ...]
    cells: Mapping[Cell, Edge]
    blocks: tuple[Cell, ...]
    feedback: frozenset[Cell]


def matrix_of(graph: Graph) -> Matrix:
    """Return the matrix of a graph. Test code has cells, but no say in the order."""
    order = dependency_order(graph)
    places = {name: place for place, name in enumerate(order.names)}
    nodes = {node.id: node for node in graph.nodes}
    blocks = tuple((places[group[0]], places[group[-1]]) for group in order.groups if len(group) > 1)
    return Matrix(
        tuple(nodes[name] for name in order.names),
        {_cell(edge, places): edge for edge in graph.edges},
        blocks,
        frozenset(_cell(edge, places) for edge in order.feedback),
    )


def _cell(edge: Edge, places: Mapping[str, int]) -> Cell:
    return places[edge.source], places[edge.target]
