"""What is to be decided: alternatives, and the criteria by which they are weighed."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from rust_ai_ide.errors import RustAiIdeError

MOST_ALTERNATIVES = 50
MOST_CRITERIA = 30


class DecisionInvalid(RustAiIdeError):
    """A decision lacks something, or says something that is not understood."""


@dataclass(frozen=True, slots=True)
class Criterion:
    """One thing that matters. `weight` is in any unit; only its share of the sum counts.

    Ratings run from `worst` to `best`; `best` may be the smaller, as with costs. `levels` name some of them: how
    much may be asked for, in words.
    """

    name: str
    weight: float
    worst: float = 0.0
    best: float = 1.0
    levels: Mapping[str, float] = field(default_factory=dict)

    def utility(self, rating: float) -> float:
        """Return how good a rating is: 0 at the worst, 1 at the best."""
        return (rating - self.worst) / (self.best - self.worst)


@dataclass(frozen=True, slots=True)
class Alternative:
    """One thing that could be done, with its rating by each criterion."""

    name: str
    ratings: Mapping[str, float]
    pros: tuple[str, ...] = ()
    cons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Decision:
    """A question with its alternatives. Raises DecisionInvalid where they cannot be weighed.

    `context` says why it comes up; `drivers` are what weighs in besides the criteria.
    """

    title: str
    criteria: tuple[Criterion, ...]
    alternatives: tuple[Alternative, ...]
    context: str = ""
    drivers: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.title.strip():
            raise DecisionInvalid("A decision needs a title: what is to be decided.")
        _check_names("criterion", [one.name for one in self.criteria], 1, MOST_CRITERIA)
        _check_names("alternative", [one.name for one in self.alternatives], 2, MOST_ALTERNATIVES)
        for criterion in self.criteria:
            _check_criterion(criterion)
        if not any(criterion.weight for criterion in self.criteria):
            raise DecisionInvalid("All criteria weigh nothing; give one a weight above 0.")
        for alternative in self.alternatives:
            self._check_ratings(alternative)

    def _check_ratings(self, alternative: Alternative) -> None:
        known = {criterion.name for criterion in self.criteria}
        unknown = sorted(alternative.ratings.keys() - known)
        if unknown:
            raise DecisionInvalid(f"“{alternative.name}” is rated by “{unknown[0]}”, which is no criterion.")
        for criterion in self.criteria:
            if criterion.name not in alternative.ratings:
                raise DecisionInvalid(f"“{alternative.name}” has no rating by “{criterion.name}”.")
            if not 0 <= criterion.utility(alternative.ratings[criterion.name]) <= 1:
                raise DecisionInvalid(
                    f"The rating of “{alternative.name}” by “{criterion.name}” must lie between "
                    f"{criterion.worst:g} and {criterion.best:g}."
                )

    @property
    def weights(self) -> tuple[float, ...]:
        """The weight of each criterion; their sum is 1."""
        largest = max(criterion.weight for criterion in self.criteria)
        # Scaled down first, so that the sum of very large ones is a number, too.
        scaled = [criterion.weight / largest for criterion in self.criteria]
        return tuple(weight / sum(scaled) for weight in scaled)

    @property
    def utilities(self) -> tuple[tuple[float, ...], ...]:
        """How good each alternative is by each criterion, from 0 to 1: a row for each alternative."""
        return tuple(
            tuple(criterion.utility(alternative.ratings[criterion.name]) for criterion in self.criteria)
            for alternative in self.alternatives
        )


def _check_names(what: str, names: list[str], least: int, most: int) -> None:
    plural = "criteria" if what == "criterion" else f"{what}s"
    if len(names) < least:
        raise DecisionInvalid(
            f"There {'is' if len(names) == 1 else 'are'} {len(names) or 'no'} {plural if len(names) != 1 else what}; "
            f"a decision needs at least {least}."
        )
    if len(names) > most:
        raise DecisionInvalid(f"There are {len(names)} {plural}; at most {most} can be weighed.")
    for name in names:
        if not name.strip():
            raise DecisionInvalid(f"Each {what} needs a name.")
        if names.count(name) > 1:
            raise DecisionInvalid(f"There are two {plural} named “{name}”.")


def _check_criterion(criterion: Criterion) -> None:
    numbers = (criterion.weight, criterion.worst, criterion.best, criterion.best - criterion.worst)
    if not all(map(math.isfinite, numbers)):
        raise DecisionInvalid(f"The weight and the scale of “{criterion.name}” must be numbers.")
    if criterion.weight < 0:
        raise DecisionInvalid(f"The weight of “{criterion.name}” must not be below 0.")
    if criterion.worst == criterion.best:
        raise DecisionInvalid(f"The worst and the best rating by “{criterion.name}” are the same.")
    for level, rating in criterion.levels.items():
        if not 0 <= criterion.utility(rating) <= 1:
            raise DecisionInvalid(
                f"The level “{level}” of “{criterion.name}” must lie between "
                f"{criterion.worst:g} and {criterion.best:g}."
            )
