"""Completions that were made already, found again without a model.

A request is an exact hit where the same text stands around the cursor, and a typed-through hit where the user has
typed the beginning of what was suggested; the two are counted apart. Bounded in size, age and idle time.
"""

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field

COMPARED_BEFORE = 1000
"""Characters before the cursor that must agree."""
COMPARED_AFTER = 200
RECENT = 64
"""Suggestions looked through for one whose beginning was typed."""


@dataclass(frozen=True)
class Surroundings:
    """Where a completion is wanted: the text before and after the cursor of a file, for one model."""

    model: str
    path: str
    before: str
    after: str

    @property
    def key(self) -> tuple[str, str, str, str]:
        """Return what exact hits share."""
        return self.model, self.path, self.before[-COMPARED_BEFORE:], self.after[:COMPARED_AFTER]


@dataclass(frozen=True)
class Hit:
    """A completion from the cache; `kind` is "exact" or "typed through"."""

    text: str
    kind: str


@dataclass
class CacheCounts:
    """How requests were answered."""

    exact: int = 0
    typed_through: int = 0
    missed: int = 0


@dataclass
class _Entry:
    where: Surroundings
    text: str
    made: float
    used: float

    @property
    def size(self) -> int:
        return sum(len(part) for part in self.where.key) + len(self.text) + 200


@dataclass
class CompletionCache:
    """Keeps the least recently used out once `most_bytes` (counted in characters) are reached; times in seconds."""

    most_bytes: int = 4_000_000
    most_age: float = 3600.0
    most_idle: float = 900.0
    clock: Callable[[], float] = time.monotonic
    counts: CacheCounts = field(default_factory=CacheCounts)
    _entries: "OrderedDict[tuple[str, str, str, str], _Entry]" = field(default_factory=OrderedDict)
    _size: int = 0

    def find(self, where: Surroundings) -> Hit | None:
        """Return a completion for this place, if there is one, and count the request."""
        self._drop_old()
        entry = self._entries.get(where.key)
        if entry is not None:
            self._touch(entry)
            self.counts.exact += 1
            return Hit(entry.text, "exact")
        for entry in list(reversed(self._entries.values()))[:RECENT]:
            rest = _rest_after_typing(entry, where)
            if rest:
                self._touch(entry)
                self.counts.typed_through += 1
                return Hit(rest, "typed through")
        self.counts.missed += 1
        return None

    def keep(self, where: Surroundings, text: str) -> None:
        """Keep a completion; an empty one is worth knowing, too."""
        now = self.clock()
        self._remove(where.key)
        entry = _Entry(where, text, now, now)
        self._entries[where.key] = entry
        self._size += entry.size
        while self._size > self.most_bytes and self._entries:
            self._remove(next(iter(self._entries)))

    def clear(self) -> None:
        """Forget everything."""
        self._entries.clear()
        self._size = 0

    def __len__(self) -> int:
        return len(self._entries)

    def _touch(self, entry: _Entry) -> None:
        entry.used = self.clock()
        self._entries.move_to_end(entry.where.key)

    def _drop_old(self) -> None:
        now = self.clock()
        for key, entry in list(self._entries.items()):
            if now - entry.used <= self.most_idle and now - entry.made <= self.most_age:
                continue
            self._remove(key)

    def _remove(self, key: tuple[str, str, str, str]) -> None:
        entry = self._entries.pop(key, None)
        if entry is not None:
            self._size -= entry.size


def _rest_after_typing(entry: _Entry, where: Surroundings) -> str:
    """Return what of the entry's text is left where its beginning has been typed, else nothing."""
    old = entry.where
    if (old.model, old.path) != (where.model, where.path) or not entry.text:
        return ""
    anchor = old.before[-COMPARED_BEFORE:]
    if old.after[:COMPARED_AFTER] != where.after[:COMPARED_AFTER]:
        return ""
    for length in range(1, min(len(entry.text), len(where.before) + 1)):
        head = where.before[: len(where.before) - length]
        if where.before.endswith(entry.text[:length]) and head[-COMPARED_BEFORE:].endswith(
            anchor[-len(head) :] or anchor
        ):
            return entry.text[length:]
    return ""
