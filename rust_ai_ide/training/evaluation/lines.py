"""How well the rests of lines are written."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from rust_ai_ide.training.evaluation.cursors import Cursor


@dataclass(frozen=True, slots=True)
class LineFigures:
    """Of `count` rests of lines, the share written exactly and the mean similarity of characters (0 to 1)."""

    count: int
    exact: float
    similarity: float


def line_figures(places: Sequence[Cursor], answer: Callable[[Cursor], str]) -> LineFigures:
    """Return how well `answer` writes the rests of the lines; only its first line counts."""
    exact = 0
    similarity = 0.0
    for place in places:
        wanted = place.rest.strip()
        given = answer(place).split("\n", 1)[0].strip()
        exact += given == wanted
        similarity += SequenceMatcher(None, given, wanted, autojunk=False).ratio()
    count = len(places)
    return LineFigures(count, exact / max(1, count), similarity / max(1, count))
