"""Which tree a page shows: the work tree as it is now, or a branch, tag or commit."""

import threading
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from django.urls import reverse

from apps.projects.models import Project
from apps.projects.services import repository_of
from rust_ai_ide.errors import RustAiIdeError
from rust_ai_ide.source.git import (
    PathNotFound,
    Repository,
    TreeEntry,
    branches,
    entry_at,
    head,
    resolve,
    snapshot_work_tree,
    tree_of,
)
from rust_ai_ide.source.git.command import MEGABYTE
from rust_ai_ide.source.git.snapshots import LARGEST_FILE, size_on_disk

FRESH_SECONDS = 1.0
_snapshots: dict[Path, tuple[float, str]] = {}
_lock = threading.Lock()


class TooLargeToRead(RustAiIdeError):
    """A file of the work tree is too large to be read at all."""


@dataclass(frozen=True)
class Place:
    """A tree of a project. `at` is what addresses say ("" for the work tree, or where there is none, HEAD)."""

    project: Project
    repository: Repository
    at: str
    tree: str | None
    commit: str | None
    label: str

    @property
    def is_work_tree(self) -> bool:
        """Tell whether this is the work tree as it is now."""
        return not self.at and not self.repository.is_bare

    def url(self, path: str = "", **further: str | int) -> str:
        """Return the address of a folder or file of this tree."""
        name = "file" if path else "project"
        arguments = [self.project.pk, addressed(path)] if path else [self.project.pk]
        query = {key: value for key, value in {"at": self.at, **further}.items() if value}
        return reverse(name, args=arguments) + (f"?{urlencode(query)}" if query else "")


def place_of(project: Project, at: str = "", *, now: bool = False) -> Place:
    """Find the tree that `at` names; None where the repository has no commits and no files.

    The work tree may be a second old, unless it is wanted as it is `now`.
    """
    repository = repository_of(project)
    if at:
        commit = resolve(repository, at)
        return Place(project, repository, at, tree_of(repository, commit), commit, _short(at))
    commit = head(repository)
    current = next((branch.name for branch in branches(repository) if branch.is_current), None)
    label = current or (commit[:10] if commit else "no commits yet")
    if repository.is_bare:
        return Place(project, repository, "", commit and tree_of(repository, commit), commit, label)
    return Place(project, repository, "", _work_tree(repository, now), commit, label)


def entry_of(place: Place, path: str) -> TreeEntry:
    """Find what lies at a path. A file that is only too large to be read says that."""
    assert place.tree is not None
    try:
        return entry_at(place.repository, place.tree, path)
    except PathNotFound:
        if place.is_work_tree and (size := size_on_disk(place.repository, path)) > LARGEST_FILE:
            megabytes = LARGEST_FILE // MEGABYTE
            raise TooLargeToRead(
                f"This file has {size / MEGABYTE:.0f} MB, more than the {megabytes} MB that are read."
            ) from None
        raise


def _work_tree(repository: Repository, now: bool) -> str:
    with _lock:
        taken, tree = _snapshots.get(repository.git_dir, (0.0, ""))
        if now or not tree or time.monotonic() - taken > FRESH_SECONDS:
            tree = snapshot_work_tree(repository)
            _snapshots[repository.git_dir] = (time.monotonic(), tree)
        return tree


def _short(at: str) -> str:
    return at[:10] if len(at) in (40, 64) and all(c in "0123456789abcdef" for c in at) else at


def addressed(path: str) -> str:
    r"""Return a path as addresses and the database hold it: bytes that are not UTF-8 become `\xNN`."""
    return path.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
