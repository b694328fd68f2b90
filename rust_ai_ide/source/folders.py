"""A folder on disk: which of its files belong to the project, what they hold, and how one is replaced."""

import os
from collections.abc import Callable
from pathlib import Path

from rust_ai_ide.source.paths import open_beneath

SETTINGS_FILE = ".rust-ai-ide.toml"
"""Where a project, in its top folder, keeps the settings of its own."""

_SKIPPED_FOLDERS = frozenset({"target", "vendor", "node_modules"})


def project_paths(folder: Path, is_wanted: Callable[[str], bool]) -> list[str]:
    """Return the wanted files of a folder: those git does not ignore; without git, all outside `target`."""
    paths = _paths_in_repository(folder)
    return [path for path in (_paths_on_disk(folder) if paths is None else paths) if is_wanted(path)]


def content_beneath(folder: Path, path: str, limit: int) -> bytes:
    """Return the first `limit` bytes of a file, reached through no symbolic link at all. Raises OSError."""
    root = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        with os.fdopen(open_beneath(root, path), "rb") as file:
            return file.read(limit)
    finally:
        os.close(root)


def write_whole(file: Path, text: str) -> None:
    """Write a file beside its place and put it there, so that nobody finds half of it. Raises OSError."""
    waiting = file.with_name(f"{file.name}.new")
    waiting.write_text(text, encoding="utf-8")
    waiting.replace(file)


def _paths_in_repository(folder: Path) -> list[str] | None:
    """Return the files of a folder as git lists them; None without a work tree."""
    from rust_ai_ide.source.git import GitMissing, NotARepository, open_repository, work_files

    try:
        repository = open_repository(folder)
    except (NotARepository, GitMissing):
        return None
    if repository.work_tree is None:
        return None
    inside = folder.resolve().relative_to(repository.work_tree.resolve()).as_posix()
    prefix = "" if inside == "." else f"{inside}/"
    return [path.removeprefix(prefix) for path in work_files(repository) if path.startswith(prefix)]


def _paths_on_disk(folder: Path) -> list[str]:
    """Return the files below a folder, without following links, ordered."""
    found = []
    for where, folders, names in os.walk(folder, followlinks=False):
        folders[:] = [name for name in folders if name not in _SKIPPED_FOLDERS and not name.startswith(".")]
        inside = Path(where).relative_to(folder)
        found += [(inside / name).as_posix() for name in names]
    return sorted(found)
