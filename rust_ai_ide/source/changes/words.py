"""What changed inside a line, and which removed line became which added one."""

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

LONGEST_LINE = 2000
MOST_PAIRS_COMPARED = 20_000
MOST_WORDS_COMPARED = 10_000
_LIKE_ENOUGH = 0.4
_WORD = re.compile(r"\w+|\s+|[^\w\s]")


def word_changes(old: str, new: str) -> tuple[list[range], list[range]]:
    """Return the character ranges of the old and of the new line that differ, in whole words.

    Lines over 2,000 characters, and lines with nothing in common, are one range each.
    """
    if old == new:
        return [], []
    if len(old) > LONGEST_LINE or len(new) > LONGEST_LINE:
        return _whole(old), _whole(new)
    old_words, new_words = _WORD.findall(old), _WORD.findall(new)
    old_starts, new_starts = _starts(old_words), _starts(new_words)
    old_ranges: list[range] = []
    new_ranges: list[range] = []
    for old_from, old_to, new_from, new_to in _differences(old_words, new_words):
        _add(old_ranges, old, old_starts[old_from], old_starts[old_to])
        _add(new_ranges, new, new_starts[new_from], new_starts[new_to])
    return old_ranges, new_ranges


def pair_lines(removed: Sequence[str], added: Sequence[str]) -> list[tuple[int | None, int | None]]:
    """Pair the removed lines of a hunk with the added ones they became, for showing them side by side.

    Returns (removed index, added index) rows in order, None where a line stands alone. Likeness is
    compared for at most 20,000 pairs; larger blocks are paired by position.
    """
    if not removed or not added:
        return [(index, None) for index in range(len(removed))] + [
            (None, index) for index in range(len(added))
        ]
    if len(removed) == len(added) and len(removed) * len(added) > MOST_PAIRS_COMPARED:
        return [(index, index) for index in range(len(removed))]
    if len(removed) * len(added) > MOST_PAIRS_COMPARED:
        return _by_position(len(removed), len(added))
    return _aligned(_likeness(removed, added))


def _differences(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[int, int, int, int]]:
    start = 0
    while start < min(len(old), len(new)) and old[start] == new[start]:
        start += 1
    end = 0
    while end < min(len(old), len(new)) - start and old[-1 - end] == new[-1 - end]:
        end += 1
    old_middle, new_middle = old[start : len(old) - end], new[start : len(new) - end]
    if len(old_middle) * len(new_middle) > MOST_WORDS_COMPARED:
        # The matcher is cubic where the same few words repeat.
        yield start, len(old) - end, start, len(new) - end
        return
    matcher = SequenceMatcher(None, old_middle, new_middle, autojunk=False)
    for kind, old_from, old_to, new_from, new_to in matcher.get_opcodes():
        if kind != "equal":
            yield start + old_from, start + old_to, start + new_from, start + new_to


def _whole(text: str) -> list[range]:
    return [range(len(text))] if text else []


def _starts(words: Sequence[str]) -> list[int]:
    starts = [0]
    for word in words:
        starts.append(starts[-1] + len(word))
    return starts


def _add(ranges: list[range], text: str, start: int, stop: int) -> None:
    if start == stop:
        return
    # A lone blank between two changed words belongs to the change.
    if ranges and text[ranges[-1].stop : start].strip() == "":
        ranges[-1] = range(ranges[-1].start, stop)
    else:
        ranges.append(range(start, stop))


def _by_position(removed: int, added: int) -> list[tuple[int | None, int | None]]:
    shared = min(removed, added)
    rows: list[tuple[int | None, int | None]] = [(index, index) for index in range(shared)]
    rows += [(index, None) for index in range(shared, removed)]
    rows += [(None, index) for index in range(shared, added)]
    return rows


def _likeness(removed: Sequence[str], added: Sequence[str]) -> list[list[float]]:
    old = [_bag(line) for line in removed]
    new = [_bag(line) for line in added]
    return [[_overlap(one, other) for other in new] for one in old]


def _bag(line: str) -> frozenset[str]:
    words = _WORD.findall(line[:LONGEST_LINE])
    return frozenset(word for word in words if not word.isspace())


def _overlap(one: frozenset[str], other: frozenset[str]) -> float:
    if not one or not other:
        return 1.0 if one == other else 0.0
    return len(one & other) / max(len(one), len(other))


def _aligned(likeness: list[list[float]]) -> list[tuple[int | None, int | None]]:
    """Align two sequences so that the summed likeness is greatest; pairs below the bar stay apart."""
    rows, columns = len(likeness), len(likeness[0])
    best = [[0.0] * (columns + 1) for _ in range(rows + 1)]
    for row in range(rows - 1, -1, -1):
        for column in range(columns - 1, -1, -1):
            value = max(best[row + 1][column], best[row][column + 1])
            if likeness[row][column] >= _LIKE_ENOUGH:
                value = max(value, likeness[row][column] + best[row + 1][column + 1])
            best[row][column] = value
    pairs: list[tuple[int | None, int | None]] = []
    row = column = 0
    while row < rows and column < columns:
        like = likeness[row][column]
        if like >= _LIKE_ENOUGH and best[row][column] == like + best[row + 1][column + 1]:
            pairs.append((row, column))
            row, column = row + 1, column + 1
        elif best[row][column] == best[row + 1][column]:
            pairs.append((row, None))
            row += 1
        else:
            pairs.append((None, column))
            column += 1
    pairs += [(left, None) for left in range(row, rows)]
    pairs += [(None, left) for left in range(column, columns)]
    return pairs
