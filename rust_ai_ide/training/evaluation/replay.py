"""Typing lines again, key by key, with the engine's suggestions: what is saved, and what wrong suggestions cost."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from rust_ai_ide.runtime.completion.choosing import Choice
from rust_ai_ide.training.evaluation.cursors import Cursor

LEAST_SAVED = 3
"""Characters that a right suggestion must save to be worth the key that accepts it."""
WRONG_COSTS = 1.0
"""Keys' worth of time that one wrong suggestion takes to be read and ignored. An assumption, stated with the figure."""


@dataclass(frozen=True, slots=True)
class ReplayFigures:
    """Of `characters` typed: the share `completed` by accepted suggestions, and the share `saved` after their cost.

    `wrong` counts wrong suggestions for each line; accepting costs one key, reading a wrong one `WRONG_COSTS`.
    """

    lines: int
    characters: int
    completed: float
    saved: float
    wrong: float


def replay(places: Sequence[Cursor], suggest: Callable[[Cursor], Choice]) -> ReplayFigures:
    """Type the lines of the places from their indentation on, accepting what is right and long enough.

    A suggestion stays while what is typed agrees with it, as in the editor; only a new one costs anything.
    """
    characters = completed = accepted = wrong = 0
    for place in places:
        start, line = _line(place)
        characters += len(line)
        typed, shown = 0, ""
        while typed < len(line):
            if not shown:
                at = replace(place, prefix=start + line[:typed], rest=line[typed:])
                shown = suggest(at).text
                if shown and not line[typed:].startswith(shown):
                    wrong += 1
            if len(shown) >= LEAST_SAVED and line[typed:].startswith(shown):
                typed += len(shown)
                completed += len(shown)
                accepted += 1
                shown = ""
                continue
            shown = shown[1:] if shown.startswith(line[typed]) else ""
            typed += 1
    whole = max(1, characters)
    return ReplayFigures(
        lines=len(places),
        characters=characters,
        completed=completed / whole,
        saved=(completed - accepted - WRONG_COSTS * wrong) / whole,
        wrong=wrong / max(1, len(places)),
    )


def together(figures: Sequence[ReplayFigures]) -> ReplayFigures:
    """Return the figures of several replays as one; each line weighs as much as it has characters."""
    lines, characters = sum(one.lines for one in figures), sum(one.characters for one in figures)
    whole = max(1, characters)
    return ReplayFigures(
        lines=lines,
        characters=characters,
        completed=sum(one.completed * one.characters for one in figures) / whole,
        saved=sum(one.saved * one.characters for one in figures) / whole,
        wrong=sum(one.wrong * one.lines for one in figures) / max(1, lines),
    )


def _line(place: Cursor) -> tuple[str, str]:
    """Return what stands before the code of a place's line, and that code."""
    begun = place.prefix.rpartition("\n")[2]
    whole = (begun + place.rest).rstrip()
    indent = whole[: len(whole) - len(whole.lstrip())]
    return place.prefix[: len(place.prefix) - len(begun)] + indent, whole.lstrip()
