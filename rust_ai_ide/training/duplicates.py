"""Finds texts that are nearly the same, by MinHash with banding over 5-grams of words.

Broder, "On the resemblance and containment of documents" (1997); the bands are those of Leskovec, Rajaraman and
Ullman, "Mining of Massive Datasets", 3.4.
"""

import re
import zlib
from collections import defaultdict
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from rust_ai_ide.observability.events import Progressed, Report, ignore

SIMILAR = 0.7
WORDS = 5
_WORD = re.compile(r"\w+|[^\w\s]")
_BANDS = 16
_ROWS = 6
_BITS = np.uint64(31)
_PRIME = np.uint64((1 << 31) - 1)
_SPREAD = np.uint64(0x9E3779B97F4A7C15)
_AT_ONCE = 256
Signature = NDArray[np.uint32]


def shingles(text: str) -> NDArray[np.uint64]:
    """Return the different 5-grams of words of a text as sorted 31-bit numbers; a shorter text is one 5-gram."""
    words = _WORD.findall(text)
    numbers = {word: zlib.crc32(word.encode()) for word in set(words)}
    each = np.fromiter(map(numbers.__getitem__, words), dtype=np.uint64, count=len(words))
    grams = np.zeros(max(1, len(words) - WORDS + 1), dtype=np.uint64)
    for start in range(min(WORDS, len(words))):
        grams = grams * _SPREAD + each[start : start + len(grams)]
    # The high bits depend on all five words.
    return np.unique(((grams * _SPREAD) >> np.uint64(33)) & _PRIME)


def signature(grams: NDArray[np.uint64]) -> Signature:
    """Return the smallest value of each of 96 hash functions (a·x + b mod 2³¹-1) over the 5-grams."""
    found = np.full(_BANDS * _ROWS, 0xFFFFFFFF, dtype=np.uint32)
    for start in range(0, len(grams), _AT_ONCE):
        hashed = grams[start : start + _AT_ONCE, None] * _FACTORS + _OFFSETS
        # Modulo a number of ones alone, without dividing: high and low bits are added until they fit.
        for _ in range(2):
            hashed = (hashed & _PRIME) + (hashed >> _BITS)
        found = np.minimum(found, hashed.min(axis=0).astype(np.uint32))
    return found


def resemblance(left: NDArray[np.uint64], right: NDArray[np.uint64]) -> float:
    """Return the Jaccard similarity of two sets of 5-grams."""
    both = len(np.intersect1d(left, right, assume_unique=True))
    return both / (len(left) + len(right) - both)


def without_near_duplicates(texts: Sequence[str], report: Report = ignore) -> list[int]:
    """Return the places of the texts to keep: the first of each group whose members are at least 0.7 alike."""
    buckets: dict[tuple[int, bytes], list[int]] = defaultdict(list)
    grams: dict[int, NDArray[np.uint64]] = {}
    for place, text in enumerate(texts):
        report(Progressed("Looking for near duplicates", place, len(texts)))
        mine = shingles(text)
        keys = list(_bands(signature(mine)))
        others = {other for key in keys for other in buckets[key]}
        if any(resemblance(mine, grams[other]) >= SIMILAR for other in others):
            continue
        grams[place] = mine
        for key in keys:
            buckets[key].append(place)
    return sorted(grams)


def _bands(found: Signature) -> Iterable[tuple[int, bytes]]:
    return ((band, found[band * _ROWS : (band + 1) * _ROWS].tobytes()) for band in range(_BANDS))


_RANDOM = np.random.default_rng(20_011)
_FACTORS = _RANDOM.integers(1, int(_PRIME), _BANDS * _ROWS, dtype=np.uint64)
_OFFSETS = _RANDOM.integers(0, int(_PRIME), _BANDS * _ROWS, dtype=np.uint64)
