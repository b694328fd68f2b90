"""From tokens to the lines and words of a text around a cursor; places count characters from it."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rust_ai_ide.runtime.tokens import Tokeniser

MOST_LINES = 12
MOST_WORDS = 24
_LINE = re.compile(r"[^\n]*\S[^\n]*")
_WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class Place:
    """A line or a word from `start` to `end`, its share of what was looked at, and its share of the characters."""

    start: int
    end: int
    share: float
    size: float


def placed(tokeniser: Tokeniser, tokens: Sequence[str], *, is_before: bool) -> list[tuple[int, int] | None]:
    """Return where each token's characters stand, for a text that ends or begins at the cursor."""
    ends = [len(tokeniser.decode(tokens[: number + 1])) for number in range(len(tokens))]
    shift = ends[-1] if ends and is_before else 0
    starts = [0, *ends[:-1]]
    return [(start - shift, max(start, end) - shift) for start, end in zip(starts, ends, strict=True)]


def summed_by_line(
    before: str, after: str, places: Sequence[tuple[int, int]], weights: NDArray[Any]
) -> tuple[Place, ...]:
    """Return the lines that are not blank, the most looked at first."""
    return _summed(before, after, places, weights, _LINE, MOST_LINES)


def summed_by_word(
    before: str, after: str, places: Sequence[tuple[int, int]], weights: NDArray[Any]
) -> tuple[Place, ...]:
    """Return the words, each by itself, the most looked at first."""
    return _summed(before, after, places, weights, _WORD, MOST_WORDS)


def _summed(
    before: str,
    after: str,
    places: Sequence[tuple[int, int]],
    weights: NDArray[Any],
    pattern: re.Pattern[str],
    most: int,
) -> tuple[Place, ...]:
    text = before + after
    looked = np.zeros(len(text) + 1)
    for (start, end), weight in zip(places, weights, strict=True):
        # What a token stands for is spread over its characters; one without any counts where it stands.
        first = min(max(0, start + len(before)), len(text))
        last = min(max(first + 1, end + len(before)), len(looked))
        if end + len(before) > 0:
            looked[first:last] += weight / (last - first)
    total = np.concatenate([[0.0], np.cumsum(looked)])
    found = [
        Place(
            start - len(before),
            end - len(before),
            float(total[end] - total[start]),
            (end - start) / len(text),
        )
        for start, end in _spans(pattern, text)
    ]
    return tuple(sorted(found, key=lambda place: -place.share)[:most])


def _spans(pattern: re.Pattern[str], text: str) -> Iterator[tuple[int, int]]:
    matches: Iterable[re.Match[str]] = pattern.finditer(text)
    for match in matches:
        yield match.start(), match.end()
