"""Where a suggestion stands already: those that were copied explain themselves."""

from dataclasses import dataclass

LONGEST_MATCH = 2_000
MOST_PLACES = 200


@dataclass(frozen=True)
class Origin:
    """Where in the file the same text stands, `start` and `end` in characters from the cursor.

    `match_length` counts the characters before it that are the same as those before the cursor.
    """

    start: int
    end: int
    match_length: int


def origin_of(before: str, after: str, text: str) -> Origin | None:
    """Return the place from which a suggestion was most likely copied, after the longest match; None where none is."""
    best: Origin | None = None
    for side, shift in ((before, -len(before)), (after, 0)):
        at = side.rfind(text) if text else -1
        for _ in range(MOST_PLACES):
            if at < 0:
                break
            matched = _matched(before, side, at)
            if matched and (best is None or matched > best.match_length):
                best = Origin(at + shift, at + shift + len(text), matched)
            at = side.rfind(text, 0, at + len(text) - 1)
    return best


def _matched(before: str, text: str, at: int) -> int:
    length, most = 0, min(len(before), at, LONGEST_MATCH)
    while length < most and before[-1 - length] == text[at - 1 - length]:
        length += 1
    return length
