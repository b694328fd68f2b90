"""What advice is, and what somebody says of an architecture, its limits and its goals."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from rust_ai_ide.architecture.graph import Edge, Place
from rust_ai_ide.architecture.metrics.project import MeasuredFile
from rust_ai_ide.architecture.model import SIDE_KINDS
from rust_ai_ide.architecture.patterns.detecting import detect
from rust_ai_ide.architecture.patterns.model import Detected
from rust_ai_ide.architecture.rules import Rules
from rust_ai_ide.architecture.types.structure import Structure

FASTER, BETTER_CODE, SCALE, TESTABLE = (
    "reduce_development_time",
    "improve_code_quality",
    "ensure_scalability",
    "facilitate_testing",
)
GOALS = (FASTER, BETTER_CODE, SCALE, TESTABLE)
"""The goals that advice can serve, by the names they are asked for."""


class Kind(StrEnum):
    """What a recommendation is about."""

    IMPROVEMENT = "improvement"
    TECHNOLOGY = "technology"
    PATTERN = "pattern"
    RISK = "risk"


class Level(StrEnum):
    """How much effort something takes, or how risky it is."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


Evidence = tuple[str, Place | None]
"""A sentence about the repository, and where to see it."""


@dataclass(frozen=True, slots=True)
class Recommendation:
    """Something to do, what speaks for it, and what it takes.

    `confidence` goes from 0 to 1. `effort` goes by the number of places to change, which `changes` says in words;
    `risk` is that of doing it, and `because` says why it is that. `goals` are those that it serves.
    """

    kind: Kind
    title: str
    action: str
    evidence: tuple[Evidence, ...]
    confidence: float
    effort: Level
    changes: str
    risk: Level
    because: str
    goals: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody says of the architecture as it is meant, what limits them, and what they want.

    `months` is the time there is. Goals are names of GOALS.
    """

    layers: tuple[str, ...] = ()
    technologies: tuple[str, ...] = ()
    patterns: tuple[str, ...] = ()
    team_size: int | None = None
    months: float | None = None
    goals: tuple[str, ...] = ()


@dataclass(frozen=True)
class Surroundings:
    """What is known of a repository. `changes` counts the commits of the last year by file, if there is a history."""

    structure: Structure
    measured: Sequence[MeasuredFile]
    rules: Rules | None
    changes: Mapping[str, int]

    @cached_property
    def product(self) -> frozenset[str]:
        """The crates that are not there for tests, examples and building alone."""
        return frozenset(crate.id for crate in self.structure.model.crates if crate.kind not in SIDE_KINDS)

    @cached_property
    def patterns(self) -> tuple[Detected, ...]:
        """The patterns and anti-patterns that are found in it."""
        return detect(self.structure)


def effort(places: int) -> Level:
    """Return how much it takes to change so many places: up to 5 are low, up to 30 medium."""
    return Level.LOW if places <= 5 else Level.MEDIUM if places <= 30 else Level.HIGH


def is_inside(edge: Edge) -> bool:
    """Tell whether a module uses what lies inside it, or around it, which is how Rust is written."""
    return edge.source.startswith(f"{edge.target}::") or edge.target.startswith(f"{edge.source}::")
