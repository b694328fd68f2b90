"""The counts that the card of a dataset holds."""

from collections import Counter
from collections.abc import Sequence

from rust_ai_ide.training.datasets.reading import Row


def text_bytes(rows: Sequence[Row]) -> int:
    """Return the bytes of the texts."""
    return sum(len(row.text.encode()) for row in rows)


def licences(rows: Sequence[Row]) -> dict[str, int]:
    """Count the rows by licence, the most frequent first."""
    return dict(Counter(row.licence for row in rows).most_common())


def augmentations(rows: Sequence[Row]) -> dict[str, int]:
    """Count the changed copies by what changed them."""
    return dict(Counter(row.augmentation for row in rows if row.augmentation).most_common())
