"""Completes a line by copying what followed the longest earlier match of the text before the cursor.

Code repeats itself: on lines of repositories that no model had seen this alone beat a small model. It is prediction by
partial matching with an unbounded context (J. Cleary and W. Teahan, "Unbounded Length Contexts for PPM", 1997), without
the index: what stands right before the cursor is searched for, a long stretch of it first.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

LENGTHS = (64, 32, 16, 8, 4, 2)
"""How many characters before the cursor are searched for, until enough is found."""
MOST_PLACES = 50
"""Places looked at for each length, the nearest ones."""
LONGEST_MATCH = 2_000
ENOUGH = 3
MOST_PROPOSALS = 5
LONGEST_TEXT = 2_000_000
"""Characters of each text that are searched: what is nearest to the cursor, or the beginning of another file."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """What could stand at the cursor. `match_length` counts the characters before it that were found, too.

    `source` is "this file", "other file" or, for a whole identifier, "identifier".
    """

    text: str
    match_length: int
    source: str


def propose_by_copying(before: str, after: str, others: Sequence[str] = ()) -> list[Proposal]:
    """Return what could complete the line at the cursor, the longest match first, each text once.

    `after` is what follows the cursor, `others` are texts of other files, the most telling first. Equal matches are
    ordered by nearness: this file above the cursor, then below it, then the others.
    """
    before = before[-LONGEST_TEXT:]
    texts = [(before, "this file"), (after[:LONGEST_TEXT], "this file")]
    texts += [(other[:LONGEST_TEXT], "other file") for other in others]
    found: dict[str, tuple[int, str]] = {}
    for length in LENGTHS:
        wanted = before[-length:]
        if len(wanted) < length or not wanted.strip():
            continue
        for text, source in texts:
            for end in _ends(text, wanted, len(before) - 1 if text is before else len(text)):
                copied = _rest_of_line(text, end)
                matched = _matched(before, text, end)
                if copied and matched > found.get(copied, (0, ""))[0]:
                    found[copied] = (matched, source)
        if len(found) >= ENOUGH:
            break
    best = sorted(found.items(), key=lambda item: -item[1][0])[:MOST_PROPOSALS]
    return [Proposal(text, matched, source) for text, (matched, source) in best]


def _ends(text: str, wanted: str, limit: int) -> Iterator[int]:
    """Yield where `wanted` ends in a text, before `limit`, the last place first."""
    at = limit
    for _ in range(MOST_PLACES):
        start = text.rfind(wanted, 0, at)
        if start < 0:
            return
        yield start + len(wanted)
        at = start + len(wanted) - 1


def _rest_of_line(text: str, start: int) -> str:
    end = text.find("\n", start)
    return text[start : end if end >= 0 else len(text)].rstrip()


def _matched(before: str, text: str, end: int) -> int:
    """Return how many characters before the cursor stand before a place, counted from the start of a token."""
    length, step = 0, 32
    most = min(len(before), end, LONGEST_MATCH)
    while length < most and step:
        reach = min(step, most - length)
        stop, there = len(before) - length, end - length
        if before[stop - reach : stop] == text[there - reach : there]:
            length += reach
            step *= 2
        else:
            step = reach // 2
            most = length + reach - 1
    # A match that begins inside a word is no match of that word.
    while length and _inside_word(before, len(before) - length) | _inside_word(text, end - length):
        length -= 1
    return length


def _inside_word(text: str, at: int) -> bool:
    return 0 < at < len(text) and _is_word(text[at - 1]) and _is_word(text[at])


def _is_word(character: str) -> bool:
    return character == "_" or character.isalnum()
