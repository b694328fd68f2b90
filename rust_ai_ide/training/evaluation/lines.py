"""How well the rests of lines are written."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from rust_ai_ide.training.evaluation.cursors import PARTS, Cursor


@dataclass(frozen=True, slots=True)
class LineFigures:
    """Of `count` rests of lines, the share written exactly and the mean similarity of characters (0 to 1).

    `exact_by_part` is the share among the cursors at the start, in the middle and at the end of their lines; `shown`
    the share for which anything was written, `precision` the share of exact ones among these.
    """

    count: int
    exact: float
    similarity: float
    exact_by_part: dict[str, float] = field(default_factory=dict)
    shown: float = 0.0
    precision: float = 0.0


def line_figures(places: Sequence[Cursor], answer: Callable[[Cursor], str]) -> LineFigures:
    """Return how well `answer` writes the rests of the lines; only its first line counts."""
    return figures_of([(place, answer(place)) for place in places])


def figures_of(answers: Sequence[tuple[Cursor, str]]) -> LineFigures:
    """Return how well the rests of lines were written. The similarity is that of Ratcliff and Obershelp (1988)."""
    given = [(cursor, text.split("\n", 1)[0].strip()) for cursor, text in answers]
    right = [(cursor, text == cursor.rest.strip()) for cursor, text in given]
    similar = [
        SequenceMatcher(None, text, cursor.rest.strip(), autojunk=False).ratio() for cursor, text in given
    ]
    shown = sum(bool(text) for _, text in given)
    exact = sum(is_right for _, is_right in right)
    return LineFigures(
        count=len(given),
        exact=_share(exact, len(given)),
        similarity=_share(sum(similar), len(given)),
        exact_by_part={
            part: _share(
                sum(is_right for cursor, is_right in right if cursor.part == part),
                sum(cursor.part == part for cursor, _ in right),
            )
            for part in PARTS
        },
        shown=_share(shown, len(given)),
        precision=_share(exact, shown),
    )


def _share(part: float, whole: int) -> float:
    return part / max(1, whole)
