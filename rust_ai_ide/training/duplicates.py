"""Finds texts that are nearly the same, by MinHash with banding over 5-grams of words.

Broder, "On the resemblance and containment of documents" (1997); the bands are those of Leskovec, Rajaraman and
Ullman, "Mining of Massive Datasets", 3.4.
"""

import re
import string
import zlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rust_ai_ide.observability.events import Progressed, Report, ignore

SIMILAR = 0.7
WORDS = 5
_WORD = re.compile(r"\w+|[^\w\s]")
_PLAIN = string.printable.encode()
_BANDS = 16
_ROWS = 6
_BITS = np.uint64(31)
_PRIME = np.uint64((1 << 31) - 1)
_SHORT_BITS, _SHORT_PRIME = np.uint32(31), np.uint32((1 << 31) - 1)
_SPREAD = np.uint64(0x9E3779B97F4A7C15)
_AT_ONCE = 512
Grams = NDArray[np.uint32]
Signature = NDArray[np.uint32]


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What tells whether a text is nearly another: its 5-grams, and their signature."""

    grams: Grams
    signature: Signature


def words_of(text: str) -> list[str]:
    """Return the words of a text; each sign that is neither a letter nor a space is one, too."""
    if not text.isascii() or text.encode().translate(None, _PLAIN):
        return _WORD.findall(text)
    # Twice as quick as the expression, for the plain characters of which most texts have no others.
    for sign in string.punctuation.replace("_", ""):
        text = text.replace(sign, f" {sign} ")
    return text.split()


def fingerprint(words: Sequence[str]) -> Fingerprint:
    """Return the fingerprint of a text of these words."""
    grams = grams_of(words)
    return Fingerprint(grams, signature(grams))


def shingles(text: str) -> Grams:
    """Return the 5-grams of the words of a text; see grams_of."""
    return grams_of(words_of(text))


def grams_of(words: Sequence[str]) -> Grams:
    """Return the different 5-grams of words as sorted 31-bit numbers; fewer words are one 5-gram."""
    numbers = {word: zlib.crc32(word.encode()) for word in set(words)}
    each = np.fromiter(map(numbers.__getitem__, words), dtype=np.uint64, count=len(words))
    grams = np.zeros(max(1, len(words) - WORDS + 1), dtype=np.uint64)
    for start in range(min(WORDS, len(words))):
        grams = grams * _SPREAD + each[start : start + len(grams)]
    # The high bits depend on all five words.
    found = (((grams * _SPREAD) >> np.uint64(33)) & _PRIME).astype(np.uint32)
    # As np.unique does, which takes three times as long for numbers as short as these.
    found.sort()
    return found[np.concatenate(([True], found[1:] != found[:-1]))]


def signature(grams: Grams) -> Signature:
    """Return the smallest value of each of 96 hash functions (a·x + b mod 2³¹-1) over the 5-grams."""
    found = np.full(_BANDS * _ROWS, 0xFFFFFFFF, dtype=np.uint32)
    for start in range(0, len(grams), _AT_ONCE):
        hashed = grams[start : start + _AT_ONCE, None].astype(np.uint64) * _FACTORS
        hashed += _OFFSETS
        # Modulo a number of ones alone, without dividing: high and low bits are added until they fit. After the first
        # time they fit into 32 bits, which halves the work of the second.
        low, high = hashed.astype(np.uint32), (hashed >> _BITS).astype(np.uint32)
        low &= _SHORT_PRIME
        low += high
        np.right_shift(low, _SHORT_BITS, out=high)
        low &= _SHORT_PRIME
        low += high
        np.minimum(found, low.min(axis=0), out=found)
    return found


def resemblance(left: Grams, right: Grams) -> float:
    """Return the Jaccard similarity of two sets of 5-grams."""
    both = len(np.intersect1d(left, right, assume_unique=True))
    return both / (len(left) + len(right) - both)


def without_near_duplicates(texts: Sequence[str], report: Report = ignore) -> list[int]:
    """Return the places of the texts to keep: the first of each group whose members are at least 0.7 alike."""
    return distinct((fingerprint(words_of(text)) for text in texts), len(texts), report)


def distinct(prints: Iterable[Fingerprint], count: int, report: Report = ignore) -> list[int]:
    """Return which of `count` texts with these fingerprints to keep; see without_near_duplicates."""
    buckets: dict[tuple[int, bytes], list[int]] = defaultdict(list)
    grams: dict[int, Grams] = {}
    for place, mine in enumerate(prints):
        report(Progressed("Looking for near duplicates", place, count))
        keys = list(_bands(mine.signature))
        others = {other for key in keys for other in buckets[key]}
        if any(resemblance(mine.grams, grams[other]) >= SIMILAR for other in others):
            continue
        grams[place] = mine.grams
        for key in keys:
            buckets[key].append(place)
    return sorted(grams)


def _bands(found: Signature) -> Iterable[tuple[int, bytes]]:
    return ((band, found[band * _ROWS : (band + 1) * _ROWS].tobytes()) for band in range(_BANDS))


_RANDOM = np.random.default_rng(20_011)
_FACTORS = _RANDOM.integers(1, int(_PRIME), _BANDS * _ROWS, dtype=np.uint64)
_OFFSETS = _RANDOM.integers(0, int(_PRIME), _BANDS * _ROWS, dtype=np.uint64)
