"""The git hook that reviews what is about to be committed: put into a repository, shown, and removed again."""

import shlex
import sys
from dataclasses import dataclass
from pathlib import Path

from rust_ai_ide.errors import RustAiIdeError
from rust_ai_ide.review.findings import Severity
from rust_ai_ide.source.git import hooks_folder, open_repository

NAME = "pre-commit"
_MARK = "# Written by `rust-ai-ide hook install`; `rust-ai-ide hook uninstall` removes it."
_ANY_USER = 0o755


class HookRefused(RustAiIdeError):
    """A hook was not written or removed; what is there stays."""


@dataclass(frozen=True, slots=True)
class Hook:
    """The place of the hook; `is_ours` is None where there is no hook at all."""

    path: Path
    is_ours: bool | None


def find_hook(folder: Path) -> Hook:
    """Return the hook of the repository that a folder lies in. Raises HookRefused."""
    repository = open_repository(folder)
    place = hooks_folder(repository)
    path = place / NAME
    try:
        return Hook(path, _MARK in path.read_text(encoding="utf-8", errors="replace"))
    except FileNotFoundError:
        return Hook(path, None)
    except OSError as error:
        raise HookRefused(f"{path} cannot be read: {error.strerror}.") from error


def install_hook(folder: Path, fail_on: Severity) -> Hook:
    """Write the hook, or renew ours. Raises HookRefused where there is another."""
    hook = find_hook(folder)
    line = f"{_command()} review --staged --fail-on {fail_on}"
    if hook.is_ours is False:
        raise HookRefused(
            f"{hook.path} is another hook, and was left as it is. Add this line to it: {line} || exit 1"
        )
    try:
        hook.path.parent.mkdir(parents=True, exist_ok=True)
        waiting = hook.path.with_name(f".{NAME}.new")
        waiting.write_text(f"#!/bin/sh\n{_MARK}\nexec {line}\n", encoding="utf-8")
        waiting.chmod(_ANY_USER)
        waiting.replace(hook.path)
    except OSError as error:
        raise HookRefused(f"{hook.path} cannot be written: {error.strerror}.") from error
    return Hook(hook.path, is_ours=True)


def uninstall_hook(folder: Path) -> Hook:
    """Remove our hook. Raises HookRefused where there is none of ours."""
    hook = find_hook(folder)
    if not hook.is_ours:
        there = "another hook" if hook.is_ours is False else "no hook"
        raise HookRefused(f"{hook.path} is {there}, so nothing was removed.")
    try:
        hook.path.unlink()
    except OSError as error:
        raise HookRefused(f"{hook.path} cannot be removed: {error.strerror}.") from error
    return Hook(hook.path, None)


def _command() -> str:
    """Return the command line of this very program: git's hooks do not know of virtual environments."""
    program = Path(sys.argv[0])
    if program.name == "rust-ai-ide" and program.is_file():
        return shlex.quote(str(program.resolve()))
    return f"{shlex.quote(sys.executable)} -m rust_ai_ide.cli.main"
