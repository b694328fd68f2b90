"""The matrix as the page shows it: rows of cells with their borders and counts."""

from collections.abc import Iterator
from dataclasses import dataclass

from rust_ai_ide.architecture.graph import Edge, Graph, Node
from rust_ai_ide.architecture.heat import Heat
from rust_ai_ide.architecture.matrix import Cell, Matrix, matrix_of

_LONGEST_NAME = 28
_LONGEST_COUNT = 999


@dataclass(frozen=True)
class CellShown:
    """A cell: the classes that it is drawn by, and the edge in it, where there is one."""

    classes: str
    edge: Edge | None = None

    @property
    def count(self) -> str:
        """Return the number of uses, as short as a cell needs it."""
        assert self.edge is not None
        return str(self.edge.count) if self.edge.count <= _LONGEST_COUNT else "1k+"


@dataclass(frozen=True)
class RowShown:
    """A row: its node with its number and a name that fits, and its cells."""

    number: int
    node: Node
    name: str
    cells: list[CellShown]
    step: int
    heat: int | None


@dataclass(frozen=True)
class MatrixShown:
    """All rows, in order; columns have the same nodes. How many edges stand against the order."""

    rows: list[RowShown]
    blocks: int
    feedback: int


def matrix_shown(graph: Graph, heat: Heat) -> MatrixShown:
    """Return the matrix of a graph as rows."""
    matrix = matrix_of(graph)
    block_of = {at: block for block in matrix.blocks for at in range(block[0], block[1] + 1)}
    rows = [
        RowShown(
            number + 1,
            node,
            _short(node.id),
            list(_cells(matrix, number, block_of.get(number))),
            heat.step(node.id),
            heat.values.get(node.id),
        )
        for number, node in enumerate(matrix.nodes)
    ]
    return MatrixShown(rows, len(matrix.blocks), len(matrix.feedback))


def _cells(matrix: Matrix, row: int, block: Cell | None) -> Iterator[CellShown]:
    plain = CellShown("")
    for column in range(len(matrix.nodes)):
        in_block = block is not None and block[0] <= column <= block[1]
        edge = matrix.cells.get((row, column))
        if edge is None and not in_block and column != row:
            yield plain
            continue
        names = ["self"] if column == row else []
        if in_block and block is not None:
            names += ["block", *_borders(row, column, block)]
        if (row, column) in matrix.feedback:
            names.append("feedback")
        yield CellShown(" ".join(names), edge)


def _borders(row: int, column: int, block: Cell) -> Iterator[str]:
    first, last = block
    sides = {"top": row == first, "bottom": row == last, "left": column == first, "right": column == last}
    yield from (f"{side}-side" for side, is_there in sides.items() if is_there)


def _short(name: str) -> str:
    """Return a name that fits; of a long one the end, which tells it from its neighbours."""
    return name if len(name) <= _LONGEST_NAME else "…" + name[1 - _LONGEST_NAME :]
