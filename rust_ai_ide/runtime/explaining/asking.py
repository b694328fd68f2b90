"""What explaining asks of a model, and how often it may ask."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol


class Asker(Protocol):
    """A model that completes between two texts."""

    async def score(self, before: str, after: str, text: str) -> float:
        """Return the mean natural logarithm of the probability of the tokens of `text` between two texts."""

    async def complete(self, before: str, after: str) -> str:
        """Return the line that the model finds likeliest between two texts."""


class BudgetSpent(Exception):
    """There is no time for a further call."""


@dataclass
class Budget:
    """Counts the calls, tells of them, and ends them after so many `seconds`."""

    asker: Asker
    seconds: float
    tell: Callable[[int], None]
    calls: int = 0
    began: float = field(default_factory=time.monotonic)

    async def score(self, before: str, after: str, text: str) -> float:
        """Ask for a score. Raises BudgetSpent."""
        self._count()
        return await self.asker.score(before, after, text)

    async def complete(self, before: str, after: str) -> str:
        """Ask for a line. Raises BudgetSpent."""
        self._count()
        return await self.asker.complete(before, after)

    @property
    def spent(self) -> float:
        """Return the seconds since the first call."""
        return time.monotonic() - self.began

    def _count(self) -> None:
        if self.calls and self.spent > self.seconds:
            raise BudgetSpent
        self.calls += 1
        self.tell(self.calls)
