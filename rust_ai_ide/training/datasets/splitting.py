"""Which texts are kept back for validation."""

import hashlib
from collections import Counter
from collections.abc import Sequence

from rust_ai_ide.training.corpus import is_held_out
from rust_ai_ide.training.datasets.reading import Row

FILE_SHARE = 0.1
_MOST_OF_A_CRATE = 0.25


def split(rows: Sequence[Row]) -> tuple[list[Row], list[Row], str]:
    """Return the rows to train on, those to validate on, and whether they are split by "crate" or "file".

    Which side a row is on depends on names alone, so that it stays there when other rows come or go. Of few crates the
    smallest is held out, where it is at most a quarter; else every tenth file is.
    """
    held_out = {row.crate for row in rows if is_held_out(row.crate)}
    sizes: Counter[str] = Counter()
    for row in rows:
        sizes[row.crate] += len(row.text)
    if not held_out and len(sizes) > 1:
        smallest, size = min(sizes.items(), key=lambda pair: (pair[1], pair[0]))
        held_out = {smallest} if size <= _MOST_OF_A_CRATE * sizes.total() else set()
    if held_out and len(held_out) < len(sizes):
        return (
            [row for row in rows if row.crate not in held_out],
            [row for row in rows if row.crate in held_out],
            "crate",
        )
    by_name = sorted(range(len(rows)), key=lambda place: _number(rows[place]))
    kept_back = set(by_name[: max(1, round(len(rows) * FILE_SHARE))])
    training = [row for place, row in enumerate(rows) if place not in kept_back]
    return training, [rows[place] for place in sorted(kept_back)], "file"


def some(rows: Sequence[Row], most: int | None) -> list[Row]:
    """Return at most so many rows, chosen by their names, in their order."""
    if most is None or len(rows) <= most:
        return list(rows)
    chosen = set(sorted(range(len(rows)), key=lambda place: _number(rows[place]))[:most])
    return [row for place, row in enumerate(rows) if place in chosen]


def _number(row: Row) -> bytes:
    return hashlib.sha256(f"{row.crate}\0{row.path}".encode("utf-8", "surrogateescape")).digest()
