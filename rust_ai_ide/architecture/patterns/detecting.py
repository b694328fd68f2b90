"""Runs all detectors over a project."""

from dataclasses import dataclass

from rust_ai_ide.architecture.patterns.bloating import GOD_OBJECT, SINGLE_RESPONSIBILITY
from rust_ai_ide.architecture.patterns.breaking import CIRCUIT_BREAKER
from rust_ai_ide.architecture.patterns.code import Code
from rust_ai_ide.architecture.patterns.discovering import SERVICE_DISCOVERY
from rust_ai_ide.architecture.patterns.entangling import CIRCULAR, TIGHT_COUPLING
from rust_ai_ide.architecture.patterns.events import CQRS, EVENT_SOURCING
from rust_ai_ide.architecture.patterns.layering import CLEAN, HEXAGONAL, LAYERED
from rust_ai_ide.architecture.patterns.matching import OPEN_CLOSED
from rust_ai_ide.architecture.patterns.model import LEAST_SHOWN, Detected
from rust_ai_ide.architecture.patterns.serving import SERVICE
from rust_ai_ide.architecture.patterns.sharing import SINGLETON_ABUSE
from rust_ai_ide.architecture.patterns.storing import REPOSITORY
from rust_ai_ide.architecture.patterns.substituting import INTERFACE_SEGREGATION, SUBSTITUTION
from rust_ai_ide.architecture.types.cohesion import TypeCohesion, cohesion_of_types
from rust_ai_ide.architecture.types.index import TypeIndex
from rust_ai_ide.architecture.types.kinds import ModuleCohesion, cohesion_of_modules
from rust_ai_ide.architecture.types.structure import Structure
from rust_ai_ide.observability.events import Progressed, Report, ignore

DETECTORS = (
    LAYERED,
    HEXAGONAL,
    CLEAN,
    CQRS,
    EVENT_SOURCING,
    SERVICE_DISCOVERY,
    CIRCUIT_BREAKER,
    REPOSITORY,
    SERVICE,
    GOD_OBJECT,
    SINGLETON_ABUSE,
    CIRCULAR,
    TIGHT_COUPLING,
    SINGLE_RESPONSIBILITY,
    OPEN_CLOSED,
    SUBSTITUTION,
    INTERFACE_SEGREGATION,
)
"""All detectors, in the order in which they are told."""


@dataclass(frozen=True, slots=True)
class Findings:
    """What was found in a project: patterns, types whose methods fall apart, and how its modules hold together."""

    patterns: tuple[Detected, ...]
    types: tuple[TypeCohesion, ...]
    modules: tuple[ModuleCohesion, ...]


def examine(structure: Structure, least: float = LEAST_SHOWN, report: Report = ignore) -> Findings:
    """Return what all detectors found, and the cohesion of types and modules. `report` may raise Cancelled."""
    index = TypeIndex.of(structure)
    apart = (each for each in cohesion_of_types(index) if each.lcom4 > 1)
    worst_first = tuple(sorted(apart, key=lambda each: (-each.lcom4, each.type)))
    return Findings(_detect(Code(structure, index), least, report), worst_first, cohesion_of_modules(index))


def detect(structure: Structure, least: float = LEAST_SHOWN, report: Report = ignore) -> tuple[Detected, ...]:
    """Return what all detectors found with at least that confidence, the surest of each first.

    `report` may raise Cancelled.
    """
    return _detect(Code(structure, TypeIndex.of(structure)), least, report)


def _detect(code: Code, least: float, report: Report) -> tuple[Detected, ...]:
    found: list[Detected] = []
    for done, detector in enumerate(DETECTORS):
        report(Progressed("Looking for patterns", done, len(DETECTORS)))
        shown = [each for each in detector.find(code) if each.confidence >= least]
        found += sorted(shown, key=lambda each: (-each.confidence, each.subject))
    return tuple(found)
