"""How firm a ranking is: what happens where the weights are other ones."""

from dataclasses import dataclass

from rust_ai_ide.architecture.decisions.decision import Decision
from rust_ai_ide.architecture.decisions.ranking import Method, rank, scores_by

TRIALS = 20_000
_SEED = 1998
_TINY = 1e-12


@dataclass(frozen=True, slots=True)
class WeightRange:
    """Between which weights of a criterion, as shares from 0 to 1, the first alternative stays first.

    The other weights keep their proportions. `below` and `above` are what comes first beyond either end, "" for
    nothing: the end is 0 or 1.
    """

    criterion: str
    weight: float
    least: float
    most: float
    below: str
    above: str


def weight_ranges(decision: Decision) -> tuple[WeightRange, ...]:
    """Return for each criterion how far its weight can go before another alternative comes first.

    For the weighted sum, where scores are straight lines in one weight, so the ends are exact (Triantaphyllou
    and Sánchez, 1997). Where several alternatives come first, the one that was given first counts.
    """
    first = rank(decision)[0].alternative
    names = [alternative.name for alternative in decision.alternatives]
    winner = decision.alternatives.index(first)
    found = []
    for number, criterion in enumerate(decision.criteria):
        lines = _lines(decision, number)
        weight = decision.weights[number]
        least, most, below, above = 0.0, 1.0, "", ""
        for rival, (start, end) in enumerate(lines):
            if rival == winner:
                continue
            # What the winner leads by at weights 0 and 1; in between it is a straight line.
            at_none, at_all = lines[winner][0] - start, lines[winner][1] - end
            if at_none < min(-_TINY, at_all):
                crossing = min(at_none / (at_none - at_all), weight)
                if crossing > least:
                    least, below = crossing, names[rival]
            if at_all < min(-_TINY, at_none):
                crossing = max(at_none / (at_none - at_all), weight)
                if crossing < most:
                    most, above = crossing, names[rival]
        found.append(WeightRange(criterion.name, weight, least, most, below, above))
    return tuple(found)


def _lines(decision: Decision, number: int) -> list[tuple[float, float]]:
    """Return each alternative's score where a criterion weighs nothing and where it weighs all."""
    others = [weight for place, weight in enumerate(decision.weights) if place != number]
    whole = sum(others)
    if whole < _TINY:
        # Nothing else weighs anything: then all others weigh the same.
        others, whole = [1.0] * len(others), float(len(others) or 1)
    lines = []
    for row in decision.utilities:
        rest = [utility for place, utility in enumerate(row) if place != number]
        without = sum(weight * utility for weight, utility in zip(others, rest, strict=True)) / whole
        lines.append((without, row[number]))
    return lines


def shares_first(decision: Decision, method: Method = Method.WEIGHTED_SUM) -> dict[str, float]:
    """Return for what share of all possible weights each alternative comes first; together they are 1.

    20,000 weights, drawn evenly from all that sum to 1: the first rank acceptability of Lahdelma, Hokkanen and
    Salminen (1998). The draw is the same each time. Where several come first in a trial, they share it.
    """
    import numpy as np

    draws = np.random.default_rng(_SEED).dirichlet(np.ones(len(decision.criteria)), TRIALS)
    scores = scores_by(method)(np.array(decision.utilities), draws)
    are_first = scores >= scores.max(axis=1, keepdims=True) - _TINY
    shares = (are_first / are_first.sum(axis=1, keepdims=True)).mean(axis=0)
    return {one.name: float(share) for one, share in zip(decision.alternatives, shares, strict=True)}
