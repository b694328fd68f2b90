"""The texts of a project's files as one, in which lines to copy are searched for."""

import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from rust_ai_ide.source.git import Repository, list_files, read_blobs

LONGEST = 16_000_000
"""Bytes in all: searching so much takes some milliseconds for each length."""
LARGEST_FILE = 1_000_000
LONGEST_LOOKED_FOR = 200
_BETWEEN = b"\n\0"


@dataclass(frozen=True, slots=True)
class Located:
    """A line of a project, counted from 1, in which a text stands after `match_length` bytes that are the same."""

    path: str
    line: int
    match_length: int


class ProjectText:
    """Texts by path, one after the other; what goes beyond `longest` bytes is left out."""

    def __init__(self, files: Iterable[tuple[str, bytes]], longest: int = LONGEST) -> None:
        kept: list[bytes] = []
        self._spans: dict[str, tuple[int, int]] = {}
        self._skipped = (0, 0)
        size = 0
        for path, text in files:
            if size + len(text) > longest:
                break
            kept.append(text)
            self._spans[path] = (size, size + len(text))
            size += len(text) + len(_BETWEEN)
        self.text = _BETWEEN.join(kept)

    def without(self, path: str) -> "ProjectText":
        """Return the same text, of which the file at a path is not searched: it is open, and known better elsewhere."""
        found = ProjectText(())
        found.text, found._spans = self.text, self._spans
        found._skipped = self._spans.get(path, (0, 0))
        return found

    def ends(self, wanted: bytes, most: int) -> Iterator[int]:
        """Yield up to `most` places where `wanted` ends in the text, the first ones first."""
        start, stop = self._skipped
        at = 0
        for _ in range(most):
            found = self.text.find(wanted, at)
            if start <= found < stop:
                found = self.text.find(wanted, stop)
            if found < 0:
                return
            yield found + len(wanted)
            at = found + 1

    def locate(self, before: str, text: str) -> Located | None:
        """Return where a text stands after as much as possible of what is before it; None where it does not."""
        start = before[-LONGEST_LOOKED_FOR:].encode("utf-8", "replace")
        for length in sorted({len(start), 64, 32, 16, 8, 4, 2}, reverse=True):
            wanted = start[-length:] + text.encode("utf-8", "replace")
            for end in self.ends(wanted, 1) if length <= len(start) else ():
                path, first = next(
                    (path, span[0]) for path, span in self._spans.items() if span[0] <= end - 1 < span[1]
                )
                return Located(path, self.text.count(b"\n", first, end - 1) + 1, length)
        return None


def read_project(repository: Repository, tree: str) -> ProjectText:
    """Return the Rust files of a tree of a repository as one text, without those that are very large."""
    files = {
        entry.blob: entry.path
        for entry in list_files(repository, tree)
        if stat.S_ISREG(entry.mode) and entry.path.endswith(".rs")
    }
    texts = read_blobs(repository, files, LARGEST_FILE)
    return ProjectText((files[name], text) for name, text in texts if isinstance(text, bytes))
