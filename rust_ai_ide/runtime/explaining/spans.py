"""The parts of the text around a cursor that are taken away: single lines near it, groups of lines farther off."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

MOST_SPANS = 24
MOST_WORDS = 12
_NEAR = 8
"""Lines on each side of the cursor that are parts of their own."""
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Span:
    """A part of the text; `start` and `end` count characters from the cursor, below nought before it."""

    start: int
    end: int
    text: str


def spans_of(before: str, after: str) -> list[Span]:
    """Return the parts of the text around a cursor, at most 24, the nearest first; blank lines are in none."""
    earlier = [
        Span(start - len(before), end - len(before), before[start:end]) for start, end in _lines(before)
    ]
    later = [Span(start, end, after[start:end]) for start, end in _lines(after)]
    sides = [list(reversed(earlier)), later]
    far = [side[_NEAR:] for side in sides]
    room = MOST_SPANS - sum(min(len(side), _NEAR) for side in sides)
    size = 1
    while sum(-(-len(side) // size) for side in far) > room:
        size += 1
    spans = [span for side in sides for span in side[:_NEAR]]
    for side, text, shift in zip(far, (before, after), (len(before), 0), strict=True):
        for first in range(0, len(side), size):
            spans.append(_joined(side[first : first + size], text, shift))
    return sorted(spans, key=lambda span: min(abs(span.start), abs(span.end)))


def words_of(spans: Iterable[Span]) -> list[Span]:
    """Return the words of some parts as parts of their own, in order, at most 12."""
    words = [
        Span(span.start + found.start(), span.start + found.end(), found[0])
        for span in spans
        for found in _WORD.finditer(span.text)
    ]
    return words[:MOST_WORDS]


def without(before: str, after: str, spans: Iterable[Span]) -> tuple[str, str]:
    """Return the two texts with the lines of some parts emptied; the line of the cursor keeps its indentation."""
    kept = {"before": list(before), "after": list(after)}
    for span in spans:
        side, shift = ("before", len(before)) if span.start < 0 else ("after", 0)
        for at in range(span.start + shift, span.end + shift):
            if kept[side][at] != "\n":
                kept[side][at] = ""
    line = before[before.rfind("\n") + 1 :]
    indentation = line[: len(line) - len(line.lstrip())]
    text = "".join(kept["before"])
    if indentation and text.endswith("\n"):
        text += indentation
    return text, "".join(kept["after"])


def _lines(text: str) -> list[tuple[int, int]]:
    return [(found.start(), found.end()) for found in re.finditer(r"[^\n]*\S[^\n]*", text)]


def _joined(spans: Sequence[Span], text: str, shift: int) -> Span:
    start, end = min(span.start for span in spans), max(span.end for span in spans)
    return Span(start, end, text[start + shift : end + shift])
