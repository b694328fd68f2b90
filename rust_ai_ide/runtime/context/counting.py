"""Counts the words of a file, by the definition that each stands in."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from rust_ai_ide.runtime.context.facts import Numbers, no_uses
from rust_ai_ide.runtime.context.words import LONGEST_WORD, NO_NAMES, WORD

MOST_WORDS = 20_000
WEIGHT_OF_NAME = 3
"""A definition's own name counts as often as this among the words that it is found by."""

Span = tuple[int, int, int]
Places = npt.NDArray[np.int64]


def count_words(
    source: bytes, spans: Sequence[Span], text: Sequence[tuple[int, int]], names: Sequence[int]
) -> tuple[tuple[str, ...], Numbers]:
    """Return the words of a source and, as `FileFacts.uses` has it, how often each stands in which definition.

    `spans` are (start, end, number) of the definitions, which nest or lie apart: a word belongs to the innermost one.
    `text` are the ranges of comments and strings, `names` the places where a definition is named.
    """
    numbers: dict[bytes, int] = {}
    places, found = [], []
    for match in WORD.finditer(source):
        word = match[0]
        if word in NO_NAMES or len(word) > LONGEST_WORD:
            continue
        number = numbers.setdefault(word, len(numbers))
        if number < MOST_WORDS:
            places.append(match.start())
            found.append(number)
    if not places or not spans:
        return (), no_uses()
    place, word_number = np.array(places), np.array(found)
    definition = _innermost(spans, place)
    is_text = _covered(text, place)
    own = np.isin(place, np.array(names, np.int64))
    kept = definition >= 0
    key, inverse = np.unique(definition[kept] * MOST_WORDS + word_number[kept], return_inverse=True)
    uses = np.zeros((len(key), 4), np.uint32)
    uses[:, 0], uses[:, 1] = key // MOST_WORDS, key % MOST_WORDS
    is_text, own = is_text[kept], own[kept]
    uses[:, 2] = np.bincount(inverse, (~is_text & ~own).astype(float), len(key))
    uses[:, 3] = np.bincount(inverse, np.where(own, WEIGHT_OF_NAME, is_text).astype(float), len(key))
    names_of_words = tuple(word.decode("utf-8", "replace") for word in list(numbers)[:MOST_WORDS])
    return names_of_words, uses


def _innermost(spans: Sequence[Span], places: Places) -> Places:
    """Return for each place the number of the innermost span around it, -1 for none."""
    borders, owners = [0], [-1]
    open_spans: list[tuple[int, int]] = []  # end and number, outermost first

    def close(until: int) -> None:
        while open_spans and open_spans[-1][0] <= until:
            end, _ = open_spans.pop()
            borders.append(end)
            owners.append(open_spans[-1][1] if open_spans else -1)

    for start, end, number in sorted(spans, key=lambda span: (span[0], -span[1])):
        close(start)
        borders.append(start)
        owners.append(number)
        open_spans.append((end, number))
    close(1 << 62)
    order = np.argsort(np.array(borders), kind="stable")
    at = np.searchsorted(np.array(borders)[order], places, "right") - 1
    return np.array(owners)[order][at]


def _covered(ranges: Sequence[tuple[int, int]], places: Places) -> npt.NDArray[np.bool_]:
    """Tell for each place whether one of the ranges, which nest or lie apart, holds it."""
    if not ranges:
        return np.zeros(len(places), bool)
    outermost: list[tuple[int, int]] = []
    for start, end in sorted(ranges, key=lambda span: (span[0], -span[1])):
        if not outermost or start >= outermost[-1][1]:
            outermost.append((start, end))
    at = np.searchsorted([start for start, _ in outermost], places, "right") - 1
    ends = np.array([end for _, end in outermost])
    return (at >= 0) & (places < ends[at])
