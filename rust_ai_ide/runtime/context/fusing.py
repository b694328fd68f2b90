"""Reciprocal rank fusion: one ranking out of several whose scores cannot be compared.

G. Cormack, C. Clarke and S. Büttcher, "Reciprocal Rank Fusion outperforms Condorcet and individual Rank Learning
Methods", SIGIR 2009.
"""

from collections.abc import Mapping

import numpy as np

from rust_ai_ide.runtime.context.index import Floats, Integers
from rust_ai_ide.runtime.context.pieces import Reason

FLATTENING = 60
LONGEST_RANKING = 1_000
"""Places after this one in a ranking count for nothing."""

Rankings = Mapping[Reason, Floats]
"""Scores of every definition by what they were found by; 0 is for what was not."""


def ranked(scores: Floats) -> Integers:
    """Return the definitions that have a score, the best first and equals in their order."""
    order = np.argsort(-scores, kind="stable")
    return order[: min(int(np.count_nonzero(scores > 0)), LONGEST_RANKING)]


def fused(rankings: Rankings, weights: Mapping[Reason, float]) -> Floats:
    """Return the fused score of each definition, in which rankings count by their weights."""
    total: Floats | None = None
    for reason, scores in rankings.items():
        if total is None:
            total = np.zeros(len(scores))
        order = ranked(scores)
        total[order] += weights.get(reason, 1.0) / (FLATTENING + 1 + np.arange(len(order)))
    assert total is not None, "there is a ranking"
    return total


def reasons_of(rankings: Rankings, definition: int) -> tuple[Reason, ...]:
    """Return what a definition was found by, the most telling first."""
    places = {
        reason: int(np.count_nonzero(scores > scores[definition]))
        for reason, scores in rankings.items()
        if scores[definition] > 0
    }
    return tuple(
        sorted((one for one, place in places.items() if place < LONGEST_RANKING), key=places.__getitem__)
    )
