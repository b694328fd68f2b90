"""What is measured, and the measures of it."""

import math
from dataclasses import dataclass
from enum import StrEnum

_MOST_COGNITIVE = 15
_DEBT_START = 5
_MINUTES_A_LINE = 30


class Mode(StrEnum):
    """Which definitions count: those that rust-code-analysis published, or ours, which mend their faults."""

    COMPATIBLE = "compatible"
    CORRECTED = "corrected"


class SpaceKind(StrEnum):
    """What a space is: a whole file, or an item in it. A closure is a function."""

    UNIT = "unit"
    FUNCTION = "function"
    IMPL = "impl"
    TRAIT = "trait"


@dataclass(frozen=True, slots=True)
class Metrics:
    """The measures of a space with everything inside it.

    `cyclomatic` starts at 1 for each space and counts its branches; `cognitive` weighs branches by how deep they
    nest; `exits` are ways out of functions. Of lines, `sloc` are all, `ploc` those with code, `cloc` those with
    comments, `blank` the empty ones, and `lloc` counts statements. Operators and operands are Halstead's.
    """

    cyclomatic: int
    cognitive: int
    exits: int
    functions: int
    closures: int
    sloc: int
    ploc: int
    lloc: int
    cloc: int
    blank: int
    distinct_operators: int
    operators: int
    distinct_operands: int
    operands: int

    @property
    def volume(self) -> float:
        """Halstead's volume in bits: the length of the program by the logarithm of its vocabulary."""
        vocabulary = self.distinct_operators + self.distinct_operands
        return (self.operators + self.operands) * math.log2(vocabulary) if vocabulary else 0.0

    @property
    def difficulty(self) -> float | None:
        """Halstead's difficulty: half the distinct operators by the mean use of an operand; None without operands."""
        if not self.distinct_operands:
            return None
        return self.distinct_operators / 2 * self.operands / self.distinct_operands

    @property
    def effort(self) -> float | None:
        """Halstead's effort: difficulty by volume, 18 of it to a second; None without operands."""
        return None if self.difficulty is None else self.difficulty * self.volume

    @property
    def mi_original(self) -> float | None:
        """The maintainability index of Oman and Hagemeister (1992); None for what has no code."""
        if not self.volume or not self.sloc:
            return None
        return 171 - 5.2 * math.log(self.volume) - 0.23 * self.cyclomatic - 16.2 * math.log(self.sloc)

    @property
    def mi_sei(self) -> float | None:
        """The index as the Software Engineering Institute has it: logarithms to base 2, and comments count."""
        if not self.volume or not self.sloc:
            return None
        by_code = 171 - 5.2 * math.log2(self.volume) - 0.23 * self.cyclomatic - 16.2 * math.log2(self.sloc)
        return by_code + 50 * math.sin(math.sqrt(2.4 * self.cloc / self.sloc))

    @property
    def mi_visual_studio(self) -> float | None:
        """The index as Visual Studio shows it: between 0 and 100."""
        return None if self.mi_original is None else max(0.0, self.mi_original * 100 / 171)


@dataclass(frozen=True, slots=True)
class Space:
    """A file, function, closure, impl or trait, with the spaces in it. Lines count from 1, the last one included."""

    name: str
    kind: SpaceKind
    start_line: int
    end_line: int
    metrics: Metrics
    spaces: tuple["Space", ...] = ()

    @property
    def debt_minutes(self) -> int:
        """How long it takes to bring the functions down to a cognitive complexity of 15, in minutes.

        For each that is above: 5, and 1 for each point more, as SonarSource estimates its rule S3776. A function
        inside another counts with that one.
        """
        if self.kind is SpaceKind.FUNCTION:
            above = self.metrics.cognitive - _MOST_COGNITIVE
            return _DEBT_START + above if above > 0 else 0
        return sum(space.debt_minutes for space in self.spaces)

    @property
    def debt_ratio(self) -> float | None:
        """That time by the time of writing the code, half an hour a line (SQALE); None for what has no code."""
        return self.debt_minutes / (_MINUTES_A_LINE * self.metrics.ploc) if self.metrics.ploc else None
