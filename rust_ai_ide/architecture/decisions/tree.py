"""The decision as a tree of questions: how much is asked for, and what is best then."""

import math
from collections import Counter
from dataclasses import dataclass
from itertools import product

from rust_ai_ide.architecture.decisions.decision import Criterion, Decision, DecisionInvalid

MOST_CASES = 4_000
_TINY = 1e-9
Case = tuple[float | None, ...]
"""What is asked for by each criterion, as a utility; None where a criterion has no levels to ask by."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """What is best here; several where nothing tells them apart."""

    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """How much is asked for by a criterion? Each answer is one or several of its levels, and leads on."""

    criterion: str
    answers: tuple[tuple[tuple[str, ...], "Question | Leaf"], ...]


def decision_tree(decision: Decision) -> Question | Leaf:
    """Return the tree that tells, for every combination of levels asked for, what is best.

    More than is asked for is worth nothing: by a criterion with levels, an alternative is worth its utility
    divided by the level's, at most 1. These worths are summed by weight. Questions are put in the order that
    tells most (information gain, Quinlan 1986), and those that change nothing are left out. Raises
    DecisionInvalid where there are more than 4,000 combinations.
    """
    asked = [criterion for criterion in decision.criteria if criterion.levels]
    if math.prod(len(criterion.levels) for criterion in asked) > MOST_CASES:
        raise DecisionInvalid(f"The levels make more than {MOST_CASES:,} combinations; name fewer.")
    levels = [_utilities(criterion) or {"": None} for criterion in decision.criteria]
    best = {
        names: _best(decision, tuple(levels[place][name] for place, name in enumerate(names)))
        for names in product(*levels)
    }
    return _grow(decision.criteria, best)


def _utilities(criterion: Criterion) -> dict[str, float | None]:
    """Return the levels with their utilities, the least demanding first."""
    utilities: dict[str, float | None] = {}
    for name, rating in sorted(criterion.levels.items(), key=lambda level: criterion.utility(level[1])):
        utilities[name] = criterion.utility(rating)
    return utilities


def _best(decision: Decision, case: Case) -> tuple[str, ...]:
    totals = []
    for row in decision.utilities:
        worth = [
            utility if wanted is None else _met(utility, wanted)
            for utility, wanted in zip(row, case, strict=True)
        ]
        totals.append(sum(weight * one for weight, one in zip(decision.weights, worth, strict=True)))
    highest = max(totals)
    return tuple(
        one.name for one, total in zip(decision.alternatives, totals, strict=True) if total > highest - _TINY
    )


def _met(utility: float, wanted: float) -> float:
    return 1.0 if utility >= wanted else utility / wanted


def _grow(criteria: tuple[Criterion, ...], best: dict[tuple[str, ...], tuple[str, ...]]) -> Question | Leaf:
    outcomes = set(best.values())
    if len(outcomes) == 1:
        return Leaf(outcomes.pop())
    # Every combination leads to one outcome, so some question still tells something.
    place = min(range(len(criteria)), key=lambda number: (_disorder(best, number), number))
    branches: list[tuple[tuple[str, ...], Question | Leaf]] = []
    for level in dict.fromkeys(names[place] for names in best):
        below = _grow(criteria, {names: what for names, what in best.items() if names[place] == level})
        if branches and branches[-1][1] == below:
            branches[-1] = ((*branches[-1][0], level), below)
        else:
            branches.append(((level,), below))
    return branches[0][1] if len(branches) == 1 else Question(criteria[place].name, tuple(branches))


def _disorder(best: dict[tuple[str, ...], tuple[str, ...]], place: int) -> float:
    """Return the entropy that is left behind a question, in bits; infinite for one with a single answer."""
    groups: dict[str, Counter[tuple[str, ...]]] = {}
    for names, outcome in best.items():
        groups.setdefault(names[place], Counter())[outcome] += 1
    if len(groups) == 1:
        return math.inf
    return sum(group.total() / len(best) * _entropy(group) for group in groups.values())


def _entropy(counts: Counter[tuple[str, ...]]) -> float:
    return -sum(count / counts.total() * math.log2(count / counts.total()) for count in counts.values())
