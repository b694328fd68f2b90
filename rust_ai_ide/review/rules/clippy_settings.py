"""Reads what attributes such as `#[clippy::msrv = "1.80"]` set for the code below them."""

import re
from functools import lru_cache

from rust_ai_ide.review.unit import COMMENTS, Unit


class Settings:
    """The values that a file gives to one setting of Clippy, by the ranges of bytes that they are for."""

    def __init__(self, unit: Unit, name: bytes) -> None:
        self._ranges: list[tuple[int, int, bytes]] = []
        if not _is_set(unit.source, b"clippy::" + name):
            return
        pattern = re.compile(rb"#(!?)\[\s*clippy::%b\s*=\s*\"([^\"]*)\"" % re.escape(name))
        for found in pattern.finditer(unit.source):
            start, end = _reach(unit, found.start(), is_inner=bool(found[1]))
            self._ranges.append((start, end, found[2]))
        self._ranges.sort(key=lambda one: one[1] - one[0])

    def at(self, at: int) -> bytes | None:
        """Return the value for a byte: that of the innermost item which has one, None where nothing sets it."""
        return next((value for start, end, value in self._ranges if start <= at < end), None)


@lru_cache(maxsize=4)
def _is_set(source: bytes, name: bytes) -> bool:
    """Look for a name once a file, however many places ask."""
    return name in source


def _reach(unit: Unit, at: int, is_inner: bool) -> tuple[int, int]:
    node = unit.root.descendant_for_byte_range(at, at + 1)
    while node is not None and node.type not in ("attribute_item", "inner_attribute_item"):
        node = node.parent
    if node is None:
        return at, at
    if is_inner:
        around = node.parent or unit.root
        return around.start_byte, around.end_byte
    after = node.next_named_sibling
    while after is not None and (after.type == "attribute_item" or after.type in COMMENTS):
        after = after.next_named_sibling
    return at, after.end_byte if after else at
