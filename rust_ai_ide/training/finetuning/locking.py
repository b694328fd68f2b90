"""One training at a time in a folder."""

import fcntl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from rust_ai_ide.training.finetuning.errors import FinetuningRefused

NAME = "lock"
_PATIENCE_SECONDS = 10.0
"""Who was killed holds a folder a moment longer, until the kernel has taken the process apart."""


@contextmanager
def only_one(folder: Path) -> Iterator[None]:
    """Hold the folder; a process that ends, however it does, lets it go. Raises FinetuningRefused if it stays held."""
    with (folder / NAME).open("w") as file:
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while not _is_taken(file):
            if time.monotonic() > deadline:
                raise FinetuningRefused(
                    f"Another training works in {folder}; wait for it or choose another folder."
                )
            time.sleep(0.1)
        yield


def _is_taken(file: IO[str]) -> bool:
    """Try to take the lock; tell whether that was possible."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
