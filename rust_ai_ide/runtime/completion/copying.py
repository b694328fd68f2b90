"""Completes a line by copying what followed the longest earlier match of the text before the cursor.

Code repeats itself: on lines of repositories that no model had seen this alone beat a small model. It is prediction by
partial matching with an unbounded context (J. Cleary and W. Teahan, "Unbounded Length Contexts for PPM", 1997), without
the index: what stands right before the cursor is searched for, a long stretch of it first, in the file and then in the
texts of its project.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from rust_ai_ide.runtime.completion.project_text import ProjectText

LENGTHS = (64, 32, 16, 8, 4, 2)
"""How many bytes before the cursor are searched for, until enough is found."""
MOST_PLACES = 50
"""Places looked at for each length and text: the nearest ones of the file, the first ones of the project."""
LONGEST_MATCH = 2_000
ENOUGH = 12
MOST_PROPOSALS = 16
LONGEST_TEXT = 2_000_000
"""Characters of the file that are searched on each side of the cursor."""
MOST_FOLLOWING = 200
THIS_FILE, OTHER_FILE, IDENTIFIER = "this file", "other file", "identifier"


@dataclass(frozen=True, slots=True)
class Proposal:
    """What could stand at the cursor, and how much speaks for it.

    `match_length` counts the bytes before the cursor that stand before the copied text, too; `follow_length` those
    after the cursor's line that stand after it. `places` is where it was found with matches of about that length, and
    `share` its part of all such places. `exchanged` words are others than where it was found. `source` is "this file",
    "other file" or, for a whole identifier, "identifier".
    """

    text: str
    match_length: int
    source: str
    follow_length: int = 0
    places: int = 1
    share: float = 1.0
    exchanged: int = 0


def propose_by_copying(before: str, after: str, project: ProjectText | None = None) -> list[Proposal]:
    """Return what could complete the line at the cursor, the longest match first, each text once.

    `after` is what follows the cursor. Equal matches are ordered by nearness: this file above the cursor, then below
    it, then the project.
    """
    written = before[-LONGEST_TEXT:].encode("utf-8", "replace")
    coming = after[:LONGEST_TEXT].encode("utf-8", "replace")
    rest = _following(coming, 0)
    found: dict[str, Proposal] = {}
    for length in LENGTHS:
        wanted = written[-length:]
        if len(wanted) < length or not wanted.strip():
            continue
        here = dict(found)
        count = 0
        for text, place, source in _places(written, coming, project, wanted):
            copied = _rest_of_line(text, place)
            matched = _matched(written, text, place)
            if not copied or not matched:
                continue
            count += 1
            followed = _common(rest, _following(text, place))
            known = here.get(copied)
            if known is None:
                here[copied] = Proposal(copied, matched, source, followed, 1)
            elif copied in found:
                continue
            else:
                here[copied] = replace(
                    known,
                    match_length=max(known.match_length, matched),
                    follow_length=max(known.follow_length, followed),
                    places=known.places + 1,
                )
        for copied, one in here.items():
            if copied not in found:
                found[copied] = replace(one, share=one.places / count)
        if len(found) >= ENOUGH:
            break
    # Sorting keeps the order of what is equal: nearness.
    return sorted(found.values(), key=lambda one: -one.match_length)[:MOST_PROPOSALS]


def _places(
    written: bytes, coming: bytes, project: ProjectText | None, wanted: bytes
) -> Iterator[tuple[bytes, int, str]]:
    """Yield texts, where `wanted` ends in them, and what the text is."""
    yield from ((written, end, THIS_FILE) for end in _last(written, wanted, len(written) - 1))
    yield from ((coming, end, THIS_FILE) for end in _first(coming, wanted))
    if project is not None:
        yield from ((project.text, end, OTHER_FILE) for end in project.ends(wanted, MOST_PLACES))


def _last(text: bytes, wanted: bytes, limit: int) -> Iterator[int]:
    at = limit
    for _ in range(MOST_PLACES):
        start = text.rfind(wanted, 0, at)
        if start < 0:
            return
        yield start + len(wanted)
        at = start + len(wanted) - 1


def _first(text: bytes, wanted: bytes) -> Iterator[int]:
    at = 0
    for _ in range(MOST_PLACES):
        start = text.find(wanted, at)
        if start < 0:
            return
        yield start + len(wanted)
        at = start + 1


def _rest_of_line(text: bytes, start: int) -> str:
    """Return the rest of a line; "" where it is none, begins inside a character or is no text."""
    end = text.find(b"\n", start)
    rest = text[start : end if end >= 0 else len(text)].rstrip()
    is_text = rest and rest[0] & 0xC0 != 0x80 and b"\0" not in rest
    return rest.decode("utf-8", "replace") if is_text else ""


def _following(text: bytes, start: int) -> bytes:
    """Return what stands after the line of a place, from its first character that is no space."""
    end = text.find(b"\n", start)
    return text[end : end + MOST_FOLLOWING].lstrip() if end >= 0 else b""


def _common(one: bytes, other: bytes) -> int:
    """Return how many bytes two texts begin with alike."""
    length = min(len(one), len(other))
    if one[:length] == other[:length]:
        return length
    return next(place for place in range(length) if one[place] != other[place])


def _matched(before: bytes, text: bytes, end: int) -> int:
    """Return how many bytes before the cursor stand before a place, counted from the start of a token."""
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


def _inside_word(text: bytes, at: int) -> bool:
    return 0 < at < len(text) and _is_word(text[at - 1]) and _is_word(text[at])


def _is_word(byte: int) -> bool:
    # Every byte of a character beyond ASCII counts as a letter.
    return byte >= 0x80 or chr(byte).isalnum() or byte == 0x5F
