"""Advice about anti-patterns that were found, and about patterns that are said to be there."""

from collections.abc import Iterator
from dataclasses import dataclass

from rust_ai_ide.architecture.advice.model import (
    BETTER_CODE,
    FASTER,
    SCALE,
    TESTABLE,
    Asked,
    Kind,
    Level,
    Recommendation,
    Surroundings,
)
from rust_ai_ide.architecture.patterns.detecting import DETECTORS

_MOST_OF_EACH = 5
_TITLES = {detector.id: detector.title for detector in DETECTORS}


@dataclass(frozen=True, slots=True)
class _Remedy:
    title: str
    action: str
    effort: Level
    changes: str
    risk: Level
    because: str
    goals: tuple[str, ...]


_REMEDIES = {
    "god-object": _Remedy(
        "Split {subject}",
        "Take the groups of methods that share no fields apart, each with its fields into a type of its own, and let "
        "this one hold them.",
        Level.HIGH,
        "the type and all that calls its methods",
        Level.MEDIUM,
        "Callers change; nothing does where the old methods pass the call on.",
        (BETTER_CODE, TESTABLE, FASTER),
    ),
    "single-responsibility": _Remedy(
        "Take {subject} apart",
        "Its methods fall into groups that share no field: make a type of each.",
        Level.MEDIUM,
        "the type and its callers",
        Level.LOW,
        "The groups share nothing that could break.",
        (BETTER_CODE, TESTABLE),
    ),
    "singleton-abuse": _Remedy(
        "Hand {subject} over instead of reaching for it",
        "Make it a field or an argument of what needs it, made once where the program starts.",
        Level.MEDIUM,
        "each place that reaches for it",
        Level.MEDIUM,
        "The order in which things start and end may change.",
        (TESTABLE, SCALE, BETTER_CODE),
    ),
    "tight-coupling": _Remedy(
        "Loosen {subject}",
        "Let one side own the shared types, or let it ask for a trait that the other one implements.",
        Level.MEDIUM,
        "the uses both ways",
        Level.LOW,
        "The compiler finds every place.",
        (BETTER_CODE, TESTABLE, FASTER),
    ),
    "open-closed": _Remedy(
        "Put what {subject} chooses in one place",
        "Make a method of the enum, or a trait, of what the matches do, so that a new variant is added once.",
        Level.MEDIUM,
        "each match",
        Level.LOW,
        "The compiler finds every match that has no wildcard.",
        (FASTER, BETTER_CODE),
    ),
    "substitution": _Remedy(
        "Let all impls of {subject} do what it asks",
        "Split the trait, so that no impl has to panic in a method that it cannot have.",
        Level.MEDIUM,
        "the trait and its impls",
        Level.MEDIUM,
        "Callers that take the trait need the part that they use.",
        (BETTER_CODE,),
    ),
    "interface-segregation": _Remedy(
        "Split the trait {subject}",
        "Make a trait of what each caller needs.",
        Level.MEDIUM,
        "the trait, its impls and bounds",
        Level.LOW,
        "The compiler finds every place.",
        (BETTER_CODE, TESTABLE),
    ),
}


def advise_on_patterns(around: Surroundings, asked: Asked) -> Iterator[Recommendation]:
    """Recommend a remedy for each anti-pattern that was found; cycles have an adviser of their own."""
    for name, remedy in _REMEDIES.items():
        for found in [each for each in around.patterns if each.pattern == name][:_MOST_OF_EACH]:
            yield Recommendation(
                Kind.IMPROVEMENT,
                remedy.title.format(subject=found.subject),
                remedy.action,
                found.evidence,
                found.confidence,
                remedy.effort,
                remedy.changes,
                remedy.risk,
                remedy.because,
                remedy.goals,
            )
    yield from _said_to_be_there(around, asked)


def _said_to_be_there(around: Surroundings, asked: Asked) -> Iterator[Recommendation]:
    found = {each.pattern for each in around.patterns}
    for name in asked.patterns:
        if name in found or name not in _TITLES:
            continue
        yield Recommendation(
            Kind.PATTERN,
            f"Make the pattern “{_TITLES[name]}” recognisable, or stop counting on it",
            "It is said to be there and was not found. Name its parts alike, and write the rule that it stands for "
            "down as layers or forbidden uses, so that it holds.",
            ((f"No code was found that shows “{_TITLES[name]}” with a confidence of 0.6 or more.", None),),
            0.5,
            Level.MEDIUM,
            "not known",
            Level.LOW,
            "Names and rules change, not behaviour.",
            (BETTER_CODE, FASTER),
        )
