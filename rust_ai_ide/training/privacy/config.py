"""The settings of a private training, and what it has spent."""

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class Privacy:
    """How private a training is to be.

    Either `epsilon` says what may be spent in all, or `noise` how many times the bound of a record's gradient the noise
    of a step is; the other is 0. `delta` 0 stands for a tenth of one in the number of records.
    """

    epsilon: float = 0.0
    delta: float = 0.0
    noise: float = 0.0


@dataclass(frozen=True)
class Mechanism:
    """What each step does: take every one of `records` with probability `share`, clip at `clip`, add `noise * clip`."""

    records: int
    share: float
    clip: float
    noise: float
    delta: float

    @property
    def expected(self) -> float:
        """Return how many records a step takes on average."""
        return self.share * self.records


@dataclass(frozen=True)
class Spent:
    """What a training spent: (epsilon, delta) for adding or leaving out one record of `unit`, after so many steps."""

    epsilon: float
    delta: float
    noise: float
    clip: float
    records: int
    share: float
    steps: int
    unit: str = "file"

    def as_text(self) -> str:
        """Say it in a sentence; epsilon is rounded up."""
        epsilon = math.ceil(self.epsilon * 100) / 100
        return (
            f"epsilon {epsilon:.2f} at delta {self.delta:.2g} for adding or leaving out one {self.unit} of "
            f"{self.records:,}, by DP-SGD with a noise multiplier of {self.noise:.3g} over {self.steps:,} steps"
        )
