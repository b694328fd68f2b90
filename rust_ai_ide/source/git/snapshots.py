"""Turns the work tree or the index into a tree in our own object store, without running any filter.

git never reads a file of the work tree here: to compare one whose time stamp is in doubt it would run the
clean filter that the repository configures. It only compares time stamps; the files are opened by us.
"""

import os
import shutil
import stat
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path

from rust_ai_ide.observability.events import Progressed, Report, Warned, ignore
from rust_ai_ide.source.git.command import MEGABYTE
from rust_ai_ide.source.git.errors import DiskFull, NotARepository, UnmergedIndex
from rust_ai_ide.source.git.repository import Repository, object_name
from rust_ai_ide.source.git.trees import LINK_MODE, SUBMODULE_MODE
from rust_ai_ide.source.paths import (
    PathNotFound,
    clean_path,
    link_target_beneath,
    open_beneath,
    path_bytes,
    path_text,
    shown,
    status_beneath,
)

LARGEST_FILE = 20 * MEGABYTE
_FILE_MODE = 0o100644
_PROGRAM_MODE = 0o100755
_FILES_AT_ONCE = 128
_FAR_FUTURE = 4_000_000_000

Entries = dict[str, tuple[int, str]]
"""Mode and object name by path."""


def snapshot_work_tree(repository: Repository, report: Report = ignore) -> str:
    """Return a tree of the files as they lie in the work tree now, with those not yet added but not ignored.

    Symbolic links are kept as links. Unreadable files and those over 20 MB are left out with a warning.
    Raises NotARepository for a bare repository.
    """
    root = _root(repository)
    try:
        entries, unmerged = _index_entries(repository)
        doubtful = _changed(repository) | _as_new_as_the_index(repository, root, entries) | unmerged
        doubtful.update(path for path in _untracked(repository) if not path.endswith("/"))
        entries.update(_hashed(repository, root, doubtful, entries, report))
        return _write_tree(repository, entries)
    except DiskFull:
        # git leaves the object it could not finish.
        for left in repository.objects.glob("*/tmp_obj_*"):
            left.unlink(missing_ok=True)
        raise
    finally:
        os.close(root)


def snapshot_index(repository: Repository, index: Path | None = None) -> str:
    """Return a tree of what is staged. Raises UnmergedIndex while conflicts are unresolved.

    `index` is the file that git names to its hooks where a commit has an index of its own; it counts only if
    it lies in the repository's git folder.
    """
    os.close(_root(repository))
    if index is not None and index.resolve().parent != repository.git_dir.resolve():
        index = None
    entries, unmerged = _index_entries(repository, index)
    if unmerged:
        first = min(unmerged)
        raise UnmergedIndex(
            f"The index has unresolved conflicts in {len(unmerged)} file(s), for example {shown(first)};"
            " resolve and add them first."
        )
    return _write_tree(repository, entries)


def size_on_disk(repository: Repository, path: str) -> int:
    """Return the size in bytes of a file in the work tree, reached through no symbolic link; 0 for none."""
    root = _root(repository)
    try:
        status = status_beneath(root, clean_path(path))
    except (OSError, PathNotFound):
        return 0
    finally:
        os.close(root)
    return status.st_size if stat.S_ISREG(status.st_mode) else 0


def work_files(repository: Repository) -> tuple[str, ...]:
    """Return the paths of tracked files and of untracked ones that are not ignored, ordered."""
    os.close(_root(repository))
    entries, unmerged = _index_entries(repository)
    untracked = {path for path in _untracked(repository) if not path.endswith("/")}
    return tuple(sorted(untracked.union(entries, unmerged), key=path_bytes))


def _root(repository: Repository) -> int:
    if repository.work_tree is None:
        raise NotARepository("This repository is bare: it has no files of its own, only commits to look at.")
    try:
        return os.open(repository.work_tree, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except OSError as error:
        raise NotARepository(
            f"The work tree {repository.work_tree} cannot be read: {error.strerror}."
        ) from error


def _index_entries(repository: Repository, index: Path | None = None) -> tuple[Entries, set[str]]:
    output = repository.run(["ls-files", "-s", "-z"], "read the index", in_work_tree=True, index=index)
    entries: Entries = {}
    unmerged = set()
    for record in output.split(b"\0")[:-1]:
        about, _, path = record.partition(b"\t")
        mode, name, stage = about.decode("ascii").split()
        if stage == "0":
            entries[path_text(path)] = (int(mode, 8), name)
        else:
            unmerged.add(path_text(path))
    return entries, unmerged


def _untracked(repository: Repository) -> list[str]:
    output = repository.run(
        ["ls-files", "-o", "--exclude-standard", "-z"], "list the files of the work tree", in_work_tree=True
    )
    return [path_text(path) for path in output.split(b"\0")[:-1]]


def _changed(repository: Repository) -> set[str]:
    original = repository.git_dir / "index"
    if not original.exists():
        return set()
    with _scratch(repository) as folder:
        copy = Path(folder) / "index"
        _copy(original, copy)
        # For git, files as new as the index are in doubt: it would read them, through filters. An index
        # from the future leaves no doubt, and _as_new_as_the_index finds those files.
        os.utime(copy, (_FAR_FUTURE, _FAR_FUTURE))
        output = repository.run(
            ["diff-files", "--raw", "-z", "--no-renames", "--ignore-submodules=all", "--no-ext-diff"],
            "compare the work tree with the index",
            in_work_tree=True,
            index=copy,
        )
    return {path_text(path) for path in output.split(b"\0")[1::2]}


def _copy(original: Path, copy: Path) -> None:
    try:
        shutil.copyfile(original, copy)
    except OSError as error:
        raise DiskFull(f"The index of the repository cannot be copied: {error.strerror}.") from error


def _as_new_as_the_index(repository: Repository, root: int, entries: Entries) -> set[str]:
    try:
        written = int((repository.git_dir / "index").stat().st_mtime)
    except FileNotFoundError:
        return set()
    found = set()
    for path, (mode, _) in entries.items():
        if mode == SUBMODULE_MODE:
            continue
        try:
            if os.stat(path_bytes(path), dir_fd=root, follow_symlinks=False).st_mtime >= written:
                found.add(path)
        except OSError:
            continue  # git reports deleted files, and knows which a sparse checkout leaves out.
    return found


def _hashed(
    repository: Repository, root: int, paths: Iterable[str], known: Entries, report: Report
) -> Entries:
    """Store the files at `paths` and return their entries; gone ones are taken out of `known`."""
    executable_bits = _trusts_executable_bits(repository)
    ordered = sorted(paths)
    found: Entries = {}
    for start in range(0, len(ordered), _FILES_AT_ONCE):
        report(Progressed("Reading changed files", start, len(ordered)))
        with ExitStack() as stack:
            opened: list[tuple[str, int, int]] = []
            for path in ordered[start : start + _FILES_AT_ONCE]:
                before = known.pop(path, None)
                try:
                    number, mode = _open(root, path)
                except (FileNotFoundError, NotADirectoryError):
                    continue
                except OSError as error:
                    if not _is_gone(root, path):
                        report(Warned(f"{shown(path)} was left out: {error.strerror or error}."))
                    continue
                stack.callback(os.close, number)
                size = os.fstat(number).st_size
                if size > LARGEST_FILE:
                    report(Warned(f"{shown(path)} was left out: its {size // MEGABYTE} MB are too many."))
                    continue
                if not executable_bits and mode != LINK_MODE:
                    mode = before[0] if before and before[0] != LINK_MODE else _FILE_MODE
                opened.append((path, number, mode))
            names = _store(repository, [number for _, number, _ in opened])
            for (path, _, mode), name in zip(opened, names, strict=True):
                found[path] = (mode, name)
    return found


def _is_gone(root: int, path: str) -> bool:
    # A link or a folder in the place of a parent or of the file itself: what was tracked is not there.
    try:
        return stat.S_ISDIR(status_beneath(root, path).st_mode)
    except FileNotFoundError:
        return True
    except OSError as error:
        return not isinstance(error, PermissionError)


def _open(root: int, path: str) -> tuple[int, int]:
    status = status_beneath(root, path)
    if stat.S_ISLNK(status.st_mode):
        with tempfile.TemporaryFile() as target:
            target.write(link_target_beneath(root, path))
            target.seek(0)
            return os.dup(target.fileno()), LINK_MODE
    number = open_beneath(root, path)
    return number, _PROGRAM_MODE if status.st_mode & stat.S_IXUSR else _FILE_MODE


def _store(repository: Repository, numbers: list[int]) -> Iterator[str]:
    if not numbers:
        return iter(())
    # Named by descriptor, a file that is swapped for a link meanwhile cannot lead git elsewhere.
    output = repository.run(
        ["hash-object", "-w", "--no-filters", "--stdin-paths"],
        "store changed files",
        stdin=(f"/dev/fd/{number}\n".encode() for number in numbers),
        descriptors=numbers,
    )
    return (object_name(line) for line in output.decode("ascii").split())


def _trusts_executable_bits(repository: Repository) -> bool:
    output = repository.run(
        ["config", "--type=bool", "--get", "core.fileMode"], "read its configuration", accept=(0, 1)
    )
    return output.strip() != b"false"


def _write_tree(repository: Repository, entries: Entries) -> str:
    with _scratch(repository) as folder:
        index = Path(folder) / "index"
        repository.run(
            ["update-index", "-z", "--index-info"],
            "put a snapshot together",
            stdin=(
                f"{mode:o} {name}\t".encode() + path_bytes(path) + b"\0"
                for path, (mode, name) in entries.items()
            ),
            index=index,
        )
        # A partial clone lacks blobs that nobody changed; that is no reason to refuse the snapshot.
        output = repository.run(["write-tree", "--missing-ok"], "write a snapshot", index=index)
    return object_name(output.decode("ascii").strip())


def _scratch(repository: Repository) -> "tempfile.TemporaryDirectory[str]":
    try:
        return tempfile.TemporaryDirectory(prefix="snapshot-", dir=repository.objects)
    except OSError as error:
        raise DiskFull(f"There is no room for a snapshot: {error.strerror}. Free some space.") from error
