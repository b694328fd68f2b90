"""Tells which files of a work tree change, a few times a second at most."""

from collections.abc import AsyncGenerator
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import asyncio

MOST_PATHS = 1000
EVERYTHING = ""
_QUIET_MILLISECONDS = 300
_IGNORED_FOLDERS = frozenset({"target", "node_modules", ".hg", ".svn", "__pycache__", ".venv"})
_TELLING_GIT_FILES = frozenset({"HEAD", "index"})


async def watch_work_tree(
    root: Path, stop: "asyncio.Event | None" = None
) -> AsyncGenerator[frozenset[str], None]:
    """Yield sets of changed paths relative to `root`, each after a moment of quiet, until `stop` is set.

    Build output is left out, and all of `.git` but what tells that HEAD, the index or a branch moved. A
    burst of more than 1,000 paths is the set of EVERYTHING ("") alone: read it all again.
    """
    from watchfiles import awatch

    root = root.resolve()

    def matters(change: object, path: str) -> bool:
        return is_watched(Path(path).relative_to(root)) if Path(path).is_relative_to(root) else False

    async for changes in awatch(
        root,
        watch_filter=matters,
        debounce=_QUIET_MILLISECONDS * 4,
        step=_QUIET_MILLISECONDS,
        stop_event=stop,
        recursive=True,
        ignore_permission_denied=True,
    ):
        if len(changes) > MOST_PATHS:
            yield frozenset({EVERYTHING})
        else:
            yield frozenset(str(Path(path).relative_to(root)) for _, path in changes)


def is_watched(path: PurePath) -> bool:
    """Whether a change of this relative path says something about the source or the repository."""
    parts = path.parts
    if ".git" in parts:
        inside = parts[parts.index(".git") + 1 :]
        if path.name.endswith(".lock"):
            return False
        return bool(inside) and (
            inside[0] == "refs" or (len(inside) == 1 and inside[0] in _TELLING_GIT_FILES)
        )
    return not _IGNORED_FOLDERS.intersection(parts)
