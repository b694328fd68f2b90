"""Reads the members of zip and tar archives one after another, refusing everything but plain files."""

import gzip
import io
import stat
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, BinaryIO, Self

from rust_ai_ide.errors import RustAiIdeError
from rust_ai_ide.source.paths import shown

MEGABYTE = 1024 * 1024
_CHUNK = 256 * 1024
_LONGEST_TAR_HEADER = MEGABYTE
_PLAIN_RATIO_UNTIL = 16 * MEGABYTE
_LONGEST_PATH = 4096
_ENCRYPTED = 0x1


class ArchiveRefused(RustAiIdeError):
    """This archive is damaged, too large, or holds what must not be taken in."""


@dataclass(frozen=True, slots=True)
class ArchiveLimits:
    """What one archive may hold at most; sizes in bytes, `ratio` is unpacked to packed size."""

    files: int = 50_000
    packed: int = 512 * MEGABYTE
    unpacked: int = 2048 * MEGABYTE
    ratio: int = 200


@dataclass(frozen=True, slots=True)
class Member:
    """One plain file; `content` must be read to its end before the next member is asked for."""

    path: str
    size: int
    is_program: bool
    content: Iterator[bytes]


class Budget:
    """Counts what comes out of an archive and raises ArchiveRefused when it is too much."""

    def __init__(self, limits: ArchiveLimits, packed: int) -> None:
        self._limits, self._packed = limits, max(packed, 1)
        self._files = self._unpacked = 0

    def add_member(self) -> None:
        """Count one member, a folder too."""
        self._files += 1
        if self._files > self._limits.files:
            raise ArchiveRefused(f"The archive holds more than {self._limits.files:,} files and folders.")

    def add_bytes(self, count: int) -> None:
        """Count unpacked bytes."""
        self._unpacked += count
        self.check(self._unpacked)

    def check(self, unpacked: int) -> None:
        """Refuse an archive that would unpack to so many bytes."""
        if unpacked > self._limits.unpacked:
            raise ArchiveRefused(
                f"The archive unpacks to more than {self._limits.unpacked // MEGABYTE:,} MB."
            )
        if unpacked > _PLAIN_RATIO_UNTIL and unpacked > self._limits.ratio * self._packed:
            raise ArchiveRefused(
                f"The archive unpacks to more than {self._limits.ratio} times its size;"
                " source code never does."
            )


def read_members(stream: BinaryIO, limits: ArchiveLimits) -> Iterator[Member]:
    """Yield the files of a seekable zip, tar or tar.gz stream, told apart by content.

    Raises ArchiveRefused, also in the middle.
    """
    packed = stream.seek(0, io.SEEK_END)
    if packed > limits.packed:
        raise ArchiveRefused(f"The archive is larger than {limits.packed // MEGABYTE:,} MB.")
    stream.seek(0)
    start = stream.read(512)
    stream.seek(0)
    budget = Budget(limits, packed)
    with _damage_told():
        if start[:2] == b"\x1f\x8b":
            with gzip.GzipFile(fileobj=stream, mode="rb") as unpacked:
                yield from _tar_members(unpacked, budget)
        elif start[257:262] == b"ustar":
            yield from _tar_members(stream, budget)
        elif start[:2] == b"PK":
            yield from _zip_members(stream, limits, budget)
        else:
            raise ArchiveRefused("This is not a zip or tar.gz archive.")


@contextmanager
def _damage_told() -> Iterator[None]:
    try:
        yield
    except (zipfile.BadZipFile, tarfile.TarError, gzip.BadGzipFile, zlib.error, EOFError) as error:
        raise ArchiveRefused(f"The archive is damaged: {shown(str(error))[:200]}.") from error
    except (struct.error, UnicodeDecodeError, OverflowError, NotImplementedError, RuntimeError) as error:
        raise ArchiveRefused("The archive is damaged or made in an unusual way.") from error


def checked_path(raw: str) -> str:
    """Return a member's path. Refuses, by ArchiveRefused, what would lie outside or inside a .git folder."""
    path = raw.removeprefix("./").removesuffix("/")
    name = shown(raw)[:200]
    if "\0" in raw or "\\" in path or "\n" in path:
        raise ArchiveRefused(f"The archive holds a file with an unusable name: {name}.")
    if path.startswith("/") or path[1:2] == ":":
        raise ArchiveRefused(f"The archive holds a file with an absolute path: {name}.")
    parts = path.split("/")
    if ".." in parts:
        raise ArchiveRefused(f"The archive holds a file that would lie outside of it: {name}.")
    if any(part in ("", ".") for part in parts) and path not in ("", "."):
        raise ArchiveRefused(f"The archive holds a file with an unusable name: {name}.")
    if any(part.lower().rstrip(". ") in (".git", "git~1") for part in parts):
        raise ArchiveRefused(
            f"The archive holds a .git folder ({name}); give it without one, for example made by git archive."
        )
    if len(path) > _LONGEST_PATH:
        raise ArchiveRefused(f"The archive holds a file whose path is too long: {name}…")
    return "" if path == "." else path


def _zip_members(stream: BinaryIO, limits: ArchiveLimits, budget: Budget) -> Iterator[Member]:
    _check_directory(stream, limits)
    with zipfile.ZipFile(stream) as archive:
        members = archive.infolist()
        _refuse_overlaps(members, archive.start_dir)
        budget.check(sum(member.file_size for member in members))
        for member in members:
            budget.add_member()
            path = checked_path(member.orig_filename)
            if member.flag_bits & _ENCRYPTED:
                raise ArchiveRefused("The archive is encrypted; give one without a password.")
            mode = member.external_attr >> 16
            if stat.S_IFMT(mode) not in (0, stat.S_IFREG, stat.S_IFDIR):
                raise ArchiveRefused(f"The archive holds a link or device, not a file: {shown(path)}.")
            if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                raise ArchiveRefused("The archive uses an unusual compression; make it with plain zip.")
            if member.is_dir() or not path:
                continue
            with archive.open(member) as content:
                yield Member(path, member.file_size, bool(mode & stat.S_IXUSR), _pieces(content, budget))


def _check_directory(stream: BinaryIO, limits: ArchiveLimits) -> None:
    """Refuse a directory of a million entries before zipfile makes an object of each."""
    size = stream.seek(0, io.SEEK_END)
    stream.seek(max(0, size - 70_000))
    tail = stream.read()
    end = tail.rfind(b"PK\x05\x06")
    if end < 0 or len(tail) - end < 22:
        raise ArchiveRefused("The archive is damaged: its directory is missing.")
    directory_size, offset = struct.unpack("<LL", tail[end + 12 : end + 20])
    if 0xFFFFFFFF in (directory_size, offset):
        raise ArchiveRefused("The archive is too large: archives of more than 4 GB are not taken.")
    if directory_size > limits.files * 1024:
        raise ArchiveRefused(f"The archive holds more than {limits.files:,} files and folders.")
    stream.seek(max(0, size - len(tail) + end - directory_size))
    if stream.read(directory_size).count(b"PK\x01\x02") > limits.files:
        raise ArchiveRefused(f"The archive holds more than {limits.files:,} files and folders.")
    stream.seek(0)


def _refuse_overlaps(members: list[zipfile.ZipInfo], end: int) -> None:
    for member in sorted(members, key=lambda each: each.header_offset, reverse=True):
        if member.header_offset + 30 + len(member.orig_filename) + member.compress_size > end:
            raise ArchiveRefused("The archive is damaged: its files overlap.")
        end = member.header_offset


def _tar_members(stream: BinaryIO | gzip.GzipFile, budget: Budget) -> Iterator[Member]:
    counted = _CountedStream(stream, budget)
    with tarfile.open(fileobj=counted, mode="r|", tarinfo=_StrictTarInfo) as archive:
        for member in archive:
            budget.add_member()
            path = checked_path(member.name)
            if member.isdir() or (member.isreg() and not path):
                continue
            if not member.isreg() or member.issparse():
                raise ArchiveRefused(f"The archive holds a link or device, not a file: {shown(path)}.")
            content = archive.extractfile(member)
            assert content is not None
            # The stream below counts the bytes.
            yield Member(path, member.size, bool(member.mode & stat.S_IXUSR), _pieces(content, None))


_ENDS = (tarfile.EmptyHeaderError, tarfile.EOFHeaderError)  # type: ignore[attr-defined]


class _StrictTarInfo(tarfile.TarInfo):
    """Refuses the metadata bombs and the damage that tarfile reads or skips in silence."""

    @classmethod
    def fromtarfile(cls, archive: tarfile.TarFile) -> Self:
        try:
            return super().fromtarfile(archive)
        except tarfile.HeaderError as error:
            if isinstance(error, _ENDS):
                raise
            raise ArchiveRefused("The archive is damaged: it breaks off or has a broken header.") from error

    def _proc_member(self, archive: tarfile.TarFile) -> tarfile.TarInfo:
        if not self.isreg() and self.size > _LONGEST_TAR_HEADER:
            raise ArchiveRefused("The archive is damaged: a header in it is too long.")
        return super()._proc_member(archive)  # type: ignore[misc,no-any-return]


class _CountedStream(io.RawIOBase):
    def __init__(self, stream: BinaryIO | gzip.GzipFile, budget: Budget) -> None:
        self._stream, self._budget = stream, budget

    def read(self, size: int = -1) -> bytes:
        data = self._stream.read(size if size >= 0 else _CHUNK)
        self._budget.add_bytes(len(data))
        return data


def _pieces(content: IO[bytes], budget: Budget | None) -> Iterator[bytes]:
    while True:
        with _damage_told():
            piece = content.read(_CHUNK)
        if not piece:
            return
        if budget is not None:
            budget.add_bytes(len(piece))
        yield piece
