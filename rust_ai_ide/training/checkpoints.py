"""The state of a training run on disk: replaced as a whole, so that a kill at any moment leaves the last one."""

import os
import zipfile
from pathlib import Path
from typing import Any

from rust_ai_ide.errors import RustAiIdeError
from rust_ai_ide.training.extra import require

NAME = "checkpoint.pt"


class CheckpointUnusable(RustAiIdeError):
    """The checkpoint in a folder belongs to another run or cannot be read."""


class CheckpointNotWritten(RustAiIdeError):
    """A checkpoint cannot be written; the one before it is still there."""


def save_checkpoint(folder: Path, state: dict[str, Any], name: str = NAME) -> None:
    """Write the state; when this returns it is on the disk. Raises CheckpointNotWritten."""
    torch = require("torch")
    waiting = folder / f"{name}.new"
    try:
        with waiting.open("wb") as file:
            torch.save(state, file)
            file.flush()
            os.fsync(file.fileno())
        waiting.replace(folder / name)
    except (OSError, RuntimeError) as error:
        # Where the disk is full, torch's writer of archives raises a RuntimeError of its own.
        waiting.unlink(missing_ok=True)
        raise not_written(folder / name) from error


def not_written(path: Path) -> CheckpointNotWritten:
    """Return the error that says so."""
    return CheckpointNotWritten(
        f"{path} cannot be written, perhaps because the disk is full; the last checkpoint is kept, so make room and "
        "run the training again."
    )


def load_checkpoint(folder: Path, settings: str, name: str = NAME) -> dict[str, Any] | None:
    """Return the last state of a run with these settings, None where there is none. Raises CheckpointUnusable."""
    torch = require("torch")
    path = folder / name
    if not path.exists():
        return None
    try:
        _check_sums(path)
        state: Any = torch.load(path, map_location="cpu", weights_only=True)
    except Exception as error:  # the parsers raise whatever they like
        raise CheckpointUnusable(f"{path} cannot be read; remove it to start the training afresh.") from error
    if not isinstance(state, dict) or state.get("settings") != settings:
        raise CheckpointUnusable(
            f"{path} belongs to a training with other settings; choose another folder or remove it."
        )
    return state


def _check_sums(path: Path) -> None:
    """Raise where the archive was damaged: torch does not look at the check sums that it writes."""
    with zipfile.ZipFile(path) as archive:
        if damaged := archive.testzip():
            raise zipfile.BadZipFile(damaged)
