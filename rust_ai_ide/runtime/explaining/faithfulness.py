"""Whether an order of parts says what the model goes by: taking away and putting back, against random orders."""

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from rust_ai_ide.runtime.explaining.asking import Budget
from rust_ai_ide.runtime.explaining.spans import Span, without

STEPS = 6
RANDOM_ORDERS = 3


@dataclass(frozen=True)
class Faithfulness:
    """Areas under the probability of a token of the suggestion, 0 to 1, over the share of parts moved.

    `deletion` takes the most important parts away first: less is better. `insertion` puts them back first: more is
    better. The baselines are the means of three random orders.
    """

    deletion: float
    insertion: float
    deletion_baseline: float
    insertion_baseline: float

    @property
    def gain(self) -> float:
        """Return by how much the order beats random ones, both ways together; nought or less: not at all."""
        return (self.deletion_baseline - self.deletion) + (self.insertion - self.insertion_baseline)


async def faithfulness(
    budget: Budget, before: str, after: str, text: str, ordered: Sequence[Span], seed: int
) -> Faithfulness:
    """Measure an order of parts, the most important first. Raises BudgetSpent."""
    known: dict[frozenset[Span], float] = {}

    async def likelihood(removed: Sequence[Span]) -> float:
        key = frozenset(removed)
        if key not in known:
            known[key] = math.exp(await budget.score(*without(before, after, key), text))
        return known[key]

    counts = sorted({round(step * len(ordered) / STEPS) for step in range(STEPS + 1)})

    async def areas(order: Sequence[Span]) -> tuple[float, float]:
        deleted = [await likelihood(order[:count]) for count in counts]
        inserted = [await likelihood(order[count:]) for count in counts]
        return _area(counts, deleted), _area(counts, inserted)

    deletion, insertion = await areas(ordered)
    chance = random.Random(seed)  # noqa: S311 - a baseline, not a secret
    baseline = [await areas(chance.sample(ordered, len(ordered))) for _ in range(RANDOM_ORDERS)]
    return Faithfulness(
        deletion,
        insertion,
        sum(pair[0] for pair in baseline) / RANDOM_ORDERS,
        sum(pair[1] for pair in baseline) / RANDOM_ORDERS,
    )


def _area(counts: Sequence[int], values: Sequence[float]) -> float:
    """Return the area by trapezoids, over the share of parts."""
    widths = [(last - first) / counts[-1] for first, last in pairwise(counts)]
    heights = [(first + last) / 2 for first, last in pairwise(values)]
    return sum(width * height for width, height in zip(widths, heights, strict=True))
