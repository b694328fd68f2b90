"""The texts of a project's files as one, in which lines to copy are searched for."""

from collections.abc import Iterable

LONGEST = 16_000_000
"""Bytes in all: searching so much takes some milliseconds for each length."""
_BETWEEN = b"\n\0"


class ProjectText:
    """Texts one after the other, the most telling first; what goes beyond `longest` bytes is left out."""

    def __init__(self, texts: Iterable[bytes], longest: int = LONGEST) -> None:
        kept: list[bytes] = []
        size = 0
        for text in texts:
            if size + len(text) > longest:
                break
            kept.append(text)
            size += len(text) + len(_BETWEEN)
        self.text = _BETWEEN.join(kept)
