"""What `[lints]` in the manifests of a project silences."""

import tomllib
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any

Levels = dict[str, str]


class Manifests:
    """The lint tables of a project's manifests, by the folder that each lies in."""

    def __init__(self, texts: Mapping[str, bytes]) -> None:
        self._own: dict[str, Levels | None] = {}  # None where the workspace decides
        self._of_workspace: dict[str, Levels] = {}
        for path, text in texts.items():
            if b"lints" not in text:
                continue
            try:
                document = tomllib.loads(text.decode())
            except (tomllib.TOMLDecodeError, UnicodeDecodeError):
                continue  # Cargo will say so; a review goes on without it
            folder = _folder(path)
            lints = document.get("lints")
            if isinstance(lints, dict):
                self._own[folder] = None if lints.get("workspace") is True else _levels(lints)
            workspace = document.get("workspace")
            if isinstance(workspace, dict) and isinstance(workspace.get("lints"), dict):
                self._of_workspace[folder] = _levels(workspace["lints"])

    def silenced(self, crate: str) -> frozenset[str]:
        """Return the rules that the manifest of a crate folder allows, itself or through its workspace."""
        levels = self._own.get(crate, {})
        folder = PurePosixPath(crate)
        while levels is None:
            levels = self._of_workspace.get(_name(folder))
            if folder == folder.parent:
                break
            folder = folder.parent
        if not levels:
            return frozenset()
        # Imported late: few projects have such tables.
        from rust_ai_ide.review.rules import every_rule

        return frozenset(rule.id for rule in every_rule() if _is_allowed(rule.id, rule.lints, levels))


def _folder(path: str) -> str:
    return _name(PurePosixPath(path).parent)


def _name(folder: PurePosixPath) -> str:
    return "" if str(folder) == "." else str(folder)


def _levels(lints: dict[str, Any]) -> Levels:
    """Return the level of each lint by its full name; rustc's own have no prefix."""
    levels: Levels = {}
    for tool, table in lints.items():
        if isinstance(table, dict):
            for name, level in table.items():
                said = level.get("level") if isinstance(level, dict) else level
                levels[name if tool == "rust" else f"{tool}::{name}"] = str(said)
    return levels


def _is_allowed(rule: str, names: frozenset[str], levels: Levels) -> bool:
    """Let the lint itself decide, else its group, else `clippy::all`."""

    def breadth(name: str) -> int:
        return 0 if name.endswith(rule) else 2 if name in ("clippy::all", "warnings") else 1

    for name in sorted(names, key=breadth):
        if name in levels:
            return levels[name] == "allow"
    return False
