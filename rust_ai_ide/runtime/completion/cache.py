"""Completions that were made already, found again without a model.

A request is an exact hit where the same text stands around the cursor, and a typed-through hit where the user has
typed the beginning of what was suggested; the two are counted apart. Bounded in size, age and idle time. Entries belong
to who wrote them: `model` is the name of a model, of an endpoint, or of what needs neither.
"""

import time
from collections import OrderedDict
from collections.abc import Callable, Collection
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
    """A completion from the cache and who wrote it; `kind` is "exact" or "typed through"."""

    text: str
    kind: str
    model: str = ""


@dataclass
class CacheCounts:
    """How requests were answered; `recalled` counts those of the missed that nobody else could answer."""

    exact: int = 0
    typed_through: int = 0
    missed: int = 0
    recalled: int = 0

    @property
    def asked(self) -> int:
        """Return how many requests there were."""
        return self.exact + self.typed_through + self.missed


@dataclass
class _Entry:
    where: Surroundings
    text: str
    made: float
    used: float

    @property
    def size(self) -> int:
        return sum(len(part.encode(errors="surrogatepass")) for part in (*self.where.key, self.text)) + 200


@dataclass
class CompletionCache:
    """Keeps the least recently used out once `most_bytes` of text are reached; times in seconds."""

    most_bytes: int = 4_000_000
    most_age: float = 3600.0
    most_idle: float = 900.0
    clock: Callable[[], float] = time.monotonic
    counts: CacheCounts = field(default_factory=CacheCounts)
    _entries: "OrderedDict[tuple[str, str, str, str], _Entry]" = field(default_factory=OrderedDict)
    _size: int = 0

    def find(self, where: Surroundings, also: Collection[str] = ()) -> Hit | None:
        """Return a completion for this place, by its model or those of `also`, and count the request."""
        hit = self._found(where, (where.model, *also))
        if hit is None:
            self.counts.missed += 1
        elif hit.kind == "exact":
            self.counts.exact += 1
        else:
            self.counts.typed_through += 1
        return hit

    def recall(self, where: Surroundings) -> Hit | None:
        """Return a completion for this place by whoever it was, where `find` missed and nobody can be asked."""
        models = {entry.where.model for entry in self._entries.values() if entry.text}
        hit = self._found(where, models)
        if hit is None or not hit.text:
            return None
        self.counts.recalled += 1
        return hit

    def keep(self, where: Surroundings, text: str) -> None:
        """Keep a completion; an empty one is worth knowing, too."""
        now = self.clock()
        self._remove(where.key)
        # Only what is compared is kept, not the whole file.
        entry = _Entry(Surroundings(*where.key), text, now, now)
        self._entries[where.key] = entry
        self._size += entry.size
        while self._size > self.most_bytes and self._entries:
            self._remove(next(iter(self._entries)))

    def clear(self) -> None:
        """Forget everything."""
        self._entries.clear()
        self._size = 0

    @property
    def size(self) -> int:
        """Return how many bytes of text are kept, counted in UTF-8, with 200 for each entry."""
        return self._size

    def __len__(self) -> int:
        return len(self._entries)

    def _found(self, where: Surroundings, models: Collection[str]) -> Hit | None:
        self._drop_old()
        for model in models:
            entry = self._entries.get((model, *where.key[1:]))
            if entry is not None:
                self._touch(entry)
                return Hit(entry.text, "exact", model)
        for entry in list(reversed(self._entries.values()))[:RECENT]:
            rest = _rest_after_typing(entry, where) if entry.where.model in models else ""
            if rest:
                self._touch(entry)
                return Hit(rest, "typed through", entry.where.model)
        return None

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
    if old.path != where.path or not entry.text:
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
