"""The state of a training run on disk: replaced as a whole, so that a kill at any moment leaves the last one."""

import os
from pathlib import Path
from typing import Any

from rust_ai_ide.errors import RustAiIdeError
from rust_ai_ide.training.extra import require

NAME = "checkpoint.pt"


class CheckpointUnusable(RustAiIdeError):
    """The checkpoint in a folder belongs to another run or cannot be read."""


def save_checkpoint(folder: Path, state: dict[str, Any]) -> None:
    """Write the state; when this returns it is on the disk."""
    torch = require("torch")
    waiting = folder / f"{NAME}.new"
    with waiting.open("wb") as file:
        torch.save(state, file)
        file.flush()
        os.fsync(file.fileno())
    waiting.replace(folder / NAME)


def load_checkpoint(folder: Path, settings: str) -> dict[str, Any] | None:
    """Return the last state of a run with these settings, None where there is none. Raises CheckpointUnusable."""
    torch = require("torch")
    path = folder / NAME
    if not path.exists():
        return None
    try:
        state: dict[str, Any] = torch.load(path, weights_only=True)
    except Exception as error:  # torch raises whatever its parsers raise
        raise CheckpointUnusable(f"{path} cannot be read; remove it to start the training afresh.") from error
    if state.get("settings") != settings:
        raise CheckpointUnusable(
            f"{path} belongs to a training with other settings; choose another folder or remove it."
        )
    return state
