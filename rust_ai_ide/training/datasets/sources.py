"""Where the files of a dataset come from: folders of this machine, and the newest commit of bare repositories."""

import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Protocol

from rust_ai_ide.source.git import TooLarge, head, list_files, open_repository, read_blobs, tree_of
from rust_ai_ide.training.datasets.errors import DatasetUnusable
from rust_ai_ide.training.datasets.settings import LARGEST_FILE

MANIFEST = "Cargo.toml"
_MAGIC = re.compile(r"[*?]")


class Source(Protocol):
    """Files below one root, called `name`. Paths are relative to it, with slashes."""

    name: str

    def origin_of(self, folder: str) -> str:
        """Say where a folder ("" is the root) comes from."""

    def paths(self) -> list[str]:
        """Return the files, sorted; hidden folders, build output and links are left out."""

    def read(self, paths: Sequence[str]) -> Iterator[bytes | None]:
        """Yield the bytes of each file, None for one that cannot be read or is larger than LARGEST_FILE."""

    def manifest(self, folder: str) -> bytes | None:
        """Return the manifest that lies directly in a folder ("" is the root), if one does."""


class FolderSource:
    """What lies in a folder, or what of it matches a pattern, or one file of it."""

    def __init__(self, root: Path, wanted: re.Pattern[str] | None = None, only: str = "") -> None:
        self._base = root
        self._wanted = wanted
        self._only = only
        self._root = _outermost(root)
        self.name = self._root.name or "code"

    def origin_of(self, folder: str) -> str:
        """Say where a folder comes from; see Source."""
        return str(self._root / folder)

    def paths(self) -> list[str]:
        """Return the files; see Source."""
        if self._only:
            return [(self._base / self._only).relative_to(self._root).as_posix()]
        found = []
        for folder, below, names in os.walk(self._base, onerror=_refuse):
            place = Path(folder)
            below[:] = sorted(name for name in below if not _is_left_out(name, place))
            for name in names:
                file = place / name
                if self._wanted is None or self._wanted.fullmatch(file.relative_to(self._base).as_posix()):
                    found.append(file.relative_to(self._root).as_posix())
        return sorted(found)

    def read(self, paths: Sequence[str]) -> Iterator[bytes | None]:
        """Yield the bytes; see Source."""
        for path in paths:
            yield _read(self._root / path)

    def manifest(self, folder: str) -> bytes | None:
        """Return a manifest; see Source."""
        file = self._root / folder / MANIFEST
        return _read(file) if file.is_file() else None


class RepositorySource:
    """The newest commit of a bare repository; nothing of it is checked out."""

    def __init__(self, path: Path) -> None:
        self._repository = open_repository(path)
        commit = head(self._repository)
        if commit is None:
            raise DatasetUnusable(f"{path} has no commit yet, so there is nothing to prepare.")
        entries = list_files(self._repository, tree_of(self._repository, commit))
        self._blobs = {entry.path: entry.blob for entry in entries if entry.is_file}
        self._where = f"{path} at {commit[:12]}"
        self.name = path.name

    def origin_of(self, folder: str) -> str:
        """Say where a folder comes from; see Source."""
        return f"{self._where}, {folder}" if folder else self._where

    def paths(self) -> list[str]:
        """Return the files; see Source."""
        return sorted(path for path in self._blobs if not path.startswith(".") and "/." not in path)

    def read(self, paths: Sequence[str]) -> Iterator[bytes | None]:
        """Yield the bytes; see Source."""
        for _, data in read_blobs(self._repository, [self._blobs[path] for path in paths], LARGEST_FILE):
            yield None if isinstance(data, TooLarge) else data

    def manifest(self, folder: str) -> bytes | None:
        """Return a manifest; see Source."""
        path = f"{folder}/{MANIFEST}" if folder else MANIFEST
        return next(self.read([path]), None) if path in self._blobs else None


def open_source(path: str) -> Source:
    """Return what a source path means. Raises DatasetUnusable where there is nothing."""
    place = Path(path).expanduser().absolute()
    if _MAGIC.search(str(place)):
        return _matching(place)
    if place.is_file():
        return FolderSource(place.parent.resolve(), only=place.name)
    if not place.is_dir():
        raise DatasetUnusable(f"There is no folder or file {path}.")
    if (place / "HEAD").is_file() and (place / "objects").is_dir():
        return RepositorySource(place)
    return FolderSource(place.resolve())


def _matching(pattern: Path) -> Source:
    parts = pattern.parts
    plain = next(number for number, part in enumerate(parts) if _MAGIC.search(part))
    base = Path(*parts[:plain])
    if not base.is_dir():
        raise DatasetUnusable(f"There is no folder {base}.")
    return FolderSource(base.resolve(), _compiled("/".join(parts[plain:])))


def _compiled(pattern: str) -> re.Pattern[str]:
    """Read a pattern: `**/` is any folders, `*` and `?` stay inside a name."""
    means = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}
    pieces = re.split(r"(\*\*/|\*\*|\*|\?)", pattern)
    return re.compile("".join(means.get(piece) or re.escape(piece) for piece in pieces))


def _outermost(folder: Path) -> Path:
    """Return the highest folder of the same work tree with a manifest: a pattern below `src` says nothing of it."""
    found = folder
    for each in (folder, *folder.parents):
        if (each / MANIFEST).is_file():
            found = each
        if (each / ".git").exists():
            break
    return found


def _is_left_out(name: str, folder: Path) -> bool:
    return name.startswith(".") or (name == "target" and (folder / MANIFEST).is_file())


def _read(file: Path) -> bytes | None:
    try:
        if file.is_symlink() or not file.is_file() or file.stat().st_size > LARGEST_FILE:
            return None
        return file.read_bytes()
    except OSError:
        return None


def _refuse(error: OSError) -> None:
    if not isinstance(error, FileNotFoundError):
        raise DatasetUnusable(f"{error.filename} cannot be read: {error.strerror}.") from error
