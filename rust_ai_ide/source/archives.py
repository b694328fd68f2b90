"""Takes an uploaded archive in: its files go straight into a bare repository, never onto the disk."""

import io
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from rust_ai_ide.observability.events import Progressed, Report, ignore
from rust_ai_ide.source.archive_members import ArchiveLimits, ArchiveRefused, Member, read_members
from rust_ai_ide.source.git.command import GitProcess
from rust_ai_ide.source.git.errors import DiskFull, printable
from rust_ai_ide.source.git.history import head
from rust_ai_ide.source.git.repository import Repository, create_repository, open_repository
from rust_ai_ide.source.paths import path_bytes, shown

__all__ = ["ArchiveLimits", "ArchiveRefused", "import_archive"]

_LONGEST_IMPORT_SECONDS = 900.0
_REPORT_EVERY = 100
_AUTHOR = "Rust AI IDE <import@localhost>"
_SYSTEM_FILES = ("__MACOSX/",)


def import_archive(
    stream: BinaryIO,
    filename: str,
    destination: Path,
    limits: ArchiveLimits | None = None,
    report: Report = ignore,
    *,
    into: Repository | None = None,
    objects: Path | None = None,
) -> Repository:
    """Make a bare repository at `destination` with one commit that holds the files of a zip, tar or tar.gz.

    With `into`, the files become the next commit of that earlier import instead. A single top folder is
    left out of the paths. Raises ArchiveRefused or DiskFull; then nothing is left behind.
    """
    limits = limits or ArchiveLimits()
    if into is None and destination.exists():
        raise ArchiveRefused(f"{destination} exists already; choose another name.")
    with _seekable(stream, limits) as archive:
        if into is not None:
            with _cleaned_on_failure(into):
                _write(into, archive, filename, limits, report)
            return into
        partial = destination.with_name(destination.name + ".partial")
        try:
            _write(create_repository(partial), archive, filename, limits, report)
            partial.rename(destination)
        except OSError as error:
            raise DiskFull(f"The archive cannot be stored: {error.strerror}.") from error
        finally:
            shutil.rmtree(partial, ignore_errors=True)
    return open_repository(destination, objects)


@contextmanager
def _seekable(stream: BinaryIO, limits: ArchiveLimits) -> Iterator[BinaryIO]:
    if stream.seekable():
        yield stream
        return
    with tempfile.TemporaryFile() as copy:
        try:
            while piece := stream.read(io.DEFAULT_BUFFER_SIZE):
                copy.write(piece)
                if copy.tell() > limits.packed:
                    raise ArchiveRefused(f"The archive is larger than {limits.packed // (1024 * 1024):,} MB.")
        except OSError as error:
            raise DiskFull(f"The archive cannot be stored: {error.strerror}.") from error
        yield copy


@contextmanager
def _cleaned_on_failure(repository: Repository) -> Iterator[None]:
    done = False
    try:
        yield
        done = True
    finally:
        if not done:
            for left in repository.git_dir.glob("objects/pack/tmp_*"):
                left.unlink(missing_ok=True)


def _write(
    repository: Repository, archive: BinaryIO, filename: str, limits: ArchiveLimits, report: Report
) -> None:
    parent = head(repository)
    arguments = ["fast-import", "--quiet", "--done", "--date-format=raw"]
    invocation = repository.invocation(arguments, owned=True)
    with GitProcess(invocation, "store the archive", _LONGEST_IMPORT_SECONDS) as process:
        files: dict[str, int] = {}
        for mark, member in enumerate(read_members(archive, limits), 1):
            if mark % _REPORT_EVERY == 0:
                report(Progressed("Storing files", mark))
            if member.path.startswith(_SYSTEM_FILES):
                _skip(member)
                continue
            if member.path in files:
                raise ArchiveRefused(f"The archive holds two files of the same name: {shown(member.path)}.")
            files[member.path] = -mark if member.is_program else mark
            _write_blob(process, mark, member)
        if not files:
            raise ArchiveRefused("The archive holds no files.")
        process.write(_commit(_without_top_folder(files), filename, parent))
        process.end_input()
        for _ in process.chunks():
            pass  # It says nothing unless asked.
        if process.code() != 0:
            raise process.failure()


def _skip(member: Member) -> None:
    for _ in member.content:
        pass


def _write_blob(process: GitProcess, mark: int, member: Member) -> None:
    process.write(f"blob\nmark :{mark}\ndata {member.size}\n".encode())
    written = 0
    for piece in member.content:
        written += len(piece)
        if written > member.size:
            break
        process.write(piece)
    if written != member.size:
        raise ArchiveRefused(f"The archive is damaged: {shown(member.path)} is not as long as it says.")
    process.write(b"\n")


def _without_top_folder(files: dict[str, int]) -> dict[str, int]:
    folders: set[str] = set()
    for path in files:
        folders.update(str(folder) for folder in PurePosixPath(path).parents)
    for path in files:
        if path in folders:
            raise ArchiveRefused(f"The archive holds a file and a folder of the same name: {shown(path)}.")
    tops = {path.partition("/")[0] for path in files}
    top = f"{min(tops)}/"
    if len(tops) == 1 and all(path.startswith(top) for path in files):
        return {path.removeprefix(top): mark for path, mark in files.items()}
    return files


def _commit(files: dict[str, int], filename: str, parent: str | None) -> bytes:
    name = " ".join(printable(PurePosixPath(filename).name).split())[:200] or "archive"
    message = f"Import {name}\n".encode("utf-8", "replace")
    lines = [
        b"commit refs/heads/main\n",
        f"committer {_AUTHOR} {int(time.time())} +0000\n".encode(),
        f"data {len(message)}\n".encode() + message,
    ]
    if parent is not None:
        lines.append(f"from {parent}\n".encode())
    lines.append(b"deleteall\n")
    for path, mark in files.items():
        mode = "100755" if mark < 0 else "100644"
        quoted = path_bytes(path).replace(b'"', b'\\"')
        lines.append(f"M {mode} :{abs(mark)} ".encode() + b'"' + quoted + b'"\n')
    lines.append(b"done\n")
    return b"".join(lines)
