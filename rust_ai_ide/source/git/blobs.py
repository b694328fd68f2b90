"""Reads the contents of files by blob name; nothing is ever checked out."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from rust_ai_ide.source.git.command import MEGABYTE, GitProcess
from rust_ai_ide.source.git.errors import GitFailed, ObjectMissing, OutputTooLarge
from rust_ai_ide.source.git.repository import Repository, object_name

LARGEST_BLOB = 50 * MEGABYTE


@dataclass(frozen=True, slots=True)
class TooLarge:
    """Stands in for a blob of `size` bytes that is over the limit and was not read."""

    size: int


def read_blob(repository: Repository, name: str, limit: int = LARGEST_BLOB) -> bytes:
    """Return a blob's bytes. Raises ObjectMissing, or OutputTooLarge over `limit` bytes."""
    for _, content in read_blobs(repository, [name], limit):
        if isinstance(content, TooLarge):
            raise OutputTooLarge(
                f"This file is {content.size / MEGABYTE:.1f} MB, more than the {limit / MEGABYTE:g} MB"
                " that can be shown."
            )
        return content
    raise ObjectMissing(f"The object {name} is not in this repository.")


def read_blobs(
    repository: Repository, names: Iterable[str], limit: int = LARGEST_BLOB, timeout: float = 600.0
) -> Iterator[tuple[str, bytes | TooLarge]]:
    """Yield each name with its bytes, in order, through one git process.

    Blobs over `limit` bytes come as TooLarge, unread. Raises ObjectMissing where the repository lacks one.
    """
    wanted = [object_name(name) for name in names]
    if not wanted:
        return
    sizes = _sizes(repository, wanted)
    small = [name for name, size in zip(wanted, sizes, strict=True) if size <= limit]
    with repository.start(["cat-file", "--batch", "--buffer"], "read files", timeout) as process:
        process.feed(f"{name}\n".encode() for name in small)
        reader = _Reader(process)
        for name, size in zip(wanted, sizes, strict=True):
            if size > limit:
                yield name, TooLarge(size)
                continue
            reader.line()
            content = reader.exactly(size + 1)
            yield name, content[:-1]


def _sizes(repository: Repository, names: list[str]) -> list[int]:
    if not names:
        return []
    output = repository.run(
        ["cat-file", "--batch-check", "--buffer"],
        "read files",
        stdin=(f"{name}\n".encode() for name in names),
    )
    sizes = []
    for line in output.decode("ascii").splitlines():
        name, kind, *size = line.split()
        if kind == "missing":
            raise ObjectMissing(
                f"The object {name} is not stored in this repository; in a partial clone,"
                " fetch the rest with git fetch --refetch."
            )
        if kind != "blob":
            raise GitFailed(f"The object {name} is not a file but a {kind}.")
        sizes.append(int(size[0]))
    return sizes


class _Reader:
    def __init__(self, process: GitProcess) -> None:
        self._process = process
        self._chunks = process.chunks()
        self._kept = bytearray()

    def _more(self) -> None:
        chunk = next(self._chunks, None)
        if chunk is None:
            raise self._process.failure()
        self._kept += chunk

    def line(self) -> bytes:
        while (end := self._kept.find(b"\n")) < 0:
            self._more()
        return self._take(end + 1)

    def exactly(self, count: int) -> bytes:
        while len(self._kept) < count:
            self._more()
        return self._take(count)

    def _take(self, count: int) -> bytes:
        taken = bytes(memoryview(self._kept)[:count])
        del self._kept[:count]
        return taken
