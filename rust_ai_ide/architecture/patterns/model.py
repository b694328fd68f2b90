"""What detectors look for and what they find."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rust_ai_ide.architecture.graph import Place

if TYPE_CHECKING:
    from rust_ai_ide.architecture.patterns.code import Code

LEAST_SHOWN = 0.6
PATTERN, ANTI_PATTERN = "pattern", "anti-pattern"
_UNSUPPORTED = 0.5
_FEWEST_SIGNALS = 2


@dataclass(frozen=True, slots=True)
class Signal:
    """Something that speaks for a pattern, with what it weighs from 0 to 1, and where it shows, if in one place.

    `is_structural` ones come from what the code does, others from how things are called.
    """

    sentence: str
    weight: float
    place: Place | None = None
    is_structural: bool = True


@dataclass(frozen=True, slots=True)
class Detected:
    """A pattern found in a module, type or crate, by its path.

    `confidence` goes from 0 to 1; `evidence` are the sentences of the signals, each with a place where it has one.
    """

    pattern: str
    subject: str
    place: Place | None
    confidence: float
    evidence: tuple[tuple[str, Place | None], ...]


@dataclass(frozen=True, slots=True)
class Detector:
    """Looks for one pattern; `looks_for` says in a sentence what it takes for it, for the reader."""

    id: str
    title: str
    kind: str
    looks_for: str
    find: Callable[["Code"], Iterable[Detected]]


def confidence(signals: Iterable[Signal]) -> float:
    """Return how sure signals make: 1 less the product of what each leaves open.

    At most 0.5 where there are fewer than two signals, or all go by names alone.
    """
    signals = list(signals)
    doubt = 1.0
    for signal in signals:
        doubt *= 1 - signal.weight
    is_supported = len(signals) >= _FEWEST_SIGNALS and any(signal.is_structural for signal in signals)
    return round(1 - doubt if is_supported else min(1 - doubt, _UNSUPPORTED), 3)


def detected(pattern: str, subject: str, place: Place | None, signals: list[Signal]) -> Iterator[Detected]:
    """Yield what signals add up to, where there is one."""
    if signals:
        evidence = tuple((signal.sentence, signal.place) for signal in signals)
        yield Detected(pattern, subject, place, confidence(signals), evidence)
