"""Which settings a search tries: ranges and choices of fields of `FinetuneConfig`."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from rust_ai_ide.training.finetuning.config import FinetuneConfig
from rust_ai_ide.training.shape import NetworkConfig

Value = int | float
SEARCHABLE = ("rate", "weight_decay", "warm_up", "decay", "clip", "batch", "infill", "rank", "alpha")
"""What may be searched: what changes how it is learned, and leaves the loss of two trials comparable."""
OF_ADAPTERS = ("rank", "alpha")
_USUAL = FinetuneConfig()
_RANKS = (4, 8, 16)
_DECAYS = (0.0, 0.01, 0.1)
_LOWEST_RATE, _HIGHEST_RATE = 1e-7, 0.01


@dataclass(frozen=True)
class Range:
    """All values from `low` to `high`, or for a grid `points` of them; `log` where their magnitude is what counts."""

    low: Value
    high: Value
    log: bool = False
    points: int = 3

    @property
    def ends(self) -> tuple[Value, ...]:
        """Return the lowest and the highest value."""
        return self.low, self.high

    def grid(self, *, whole: bool) -> tuple[Value, ...]:
        """Return the points, each once."""
        found = [self._at(number / (self.points - 1)) for number in range(1, self.points - 1)]
        inside = [round(point) for point in found] if whole else found
        return tuple(sorted({self.low, *inside, self.high}))

    def _at(self, share: float) -> float:
        if self.log:
            return float(math.exp(math.log(self.low) + share * (math.log(self.high) - math.log(self.low))))
        return self.low + share * (self.high - self.low)


@dataclass(frozen=True)
class Choice:
    """These values alone."""

    values: tuple[Value, ...]

    @property
    def ends(self) -> tuple[Value, ...]:
        """Return every value."""
        return self.values

    def grid(self, *, whole: bool) -> tuple[Value, ...]:
        """Return the values; they are whole where the field wants that."""
        return self.values


Space = Mapping[str, Range | Choice]


def default_space(config: FinetuneConfig, shape: NetworkConfig) -> dict[str, Range | Choice]:
    """Return what is tried where nothing is said: rates around that of the settings, decay, warm-up and rank."""
    space: dict[str, Range | Choice] = {
        "rate": Range(max(config.rate / 10, _LOWEST_RATE), min(config.rate * 10, _HIGHEST_RATE), log=True),
        "weight_decay": Choice(_DECAYS),
    }
    if config.steps >= 8:
        space["warm_up"] = Range(1, config.steps // 4, points=2)
    if config.method == "lora":
        space["rank"] = Choice(tuple(rank for rank in _RANKS if rank <= shape.width) or (1,))
    return space


def is_whole(name: str) -> bool:
    """Return whether a field takes whole numbers."""
    return isinstance(getattr(_USUAL, name), int)


def grid_of(space: Space) -> dict[str, tuple[Value, ...]]:
    """Return the points of each setting."""
    return {name: part.grid(whole=is_whole(name)) for name, part in space.items()}


def grid_size(space: Space) -> int:
    """Return how many combinations the grid has."""
    return math.prod(map(len, grid_of(space).values()))


def applied(config: FinetuneConfig, values: Mapping[str, Any]) -> FinetuneConfig:
    """Return the settings with these values; where only the rank is searched, alpha stays twice the rank."""
    changed = dict(values)
    if "rank" in changed and "alpha" not in changed:
        changed["alpha"] = 2.0 * changed["rank"]
    return replace(config, **changed)
