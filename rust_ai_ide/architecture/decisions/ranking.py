"""Ranks alternatives: by the weighted sum, or by TOPSIS."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from rust_ai_ide.architecture.decisions.decision import Alternative, Decision

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Matrix = NDArray[np.float64]


class Method(StrEnum):
    """How the ratings of an alternative become one score."""

    WEIGHTED_SUM = "weighted-sum"
    TOPSIS = "topsis"


@dataclass(frozen=True, slots=True)
class Ranked:
    """An alternative with its score from 0 to 1; those of one score share a `rank`, which counts from 1."""

    alternative: Alternative
    score: float
    rank: int


_EQUAL = 1e-12


def rank(decision: Decision, method: Method = Method.WEIGHTED_SUM) -> tuple[Ranked, ...]:
    """Return the alternatives, the best first; equal ones stay in the order they were given in."""
    import numpy as np

    scores = scores_by(method)(np.array(decision.utilities), np.array([decision.weights]))[0]
    order = sorted(range(len(scores)), key=lambda number: (-round(float(scores[number]), 12), number))
    found: list[Ranked] = []
    for place, number in enumerate(order):
        score = float(scores[number])
        is_equal = bool(found) and abs(found[-1].score - score) <= _EQUAL
        found.append(Ranked(decision.alternatives[number], score, found[-1].rank if is_equal else place + 1))
    return tuple(found)


def scores_by(method: Method) -> "Callable[[Matrix, Matrix], Matrix]":
    """Return what makes scores of utilities and weights.

    Utilities are alternatives × criteria, weights trials × criteria, scores trials × alternatives.
    """
    return _topsis if method is Method.TOPSIS else _weighted_sum


def _weighted_sum(utilities: "Matrix", weights: "Matrix") -> "Matrix":
    return weights @ utilities.T


def _topsis(utilities: "Matrix", weights: "Matrix") -> "Matrix":
    """The closeness to the best of everything, far from the worst (Hwang and Yoon, 1981), with vector normalisation."""
    import numpy as np

    lengths = np.linalg.norm(utilities, axis=0)
    normal = utilities / np.where(lengths > 0, lengths, 1)
    # A weight scales the distance along its criterion, so the squares can be summed for all trials at once.
    squares = weights**2
    to_best = np.sqrt(squares @ ((normal.max(axis=0) - normal) ** 2).T)
    to_worst = np.sqrt(squares @ ((normal - normal.min(axis=0)) ** 2).T)
    whole = to_best + to_worst
    # Alternatives that are all the same are as near to the best as to the worst.
    return np.where(whole > 0, to_worst / np.where(whole > 0, whole, 1), 0.5)
