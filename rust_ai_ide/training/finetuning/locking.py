"""One training at a time in a folder."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rust_ai_ide.training.finetuning.errors import FinetuningRefused

NAME = "lock"


@contextmanager
def only_one(folder: Path) -> Iterator[None]:
    """Hold the folder; a process that ends, however it does, lets it go. Raises FinetuningRefused where it is held."""
    with (folder / NAME).open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise FinetuningRefused(
                f"Another training works in {folder}; wait for it or choose another folder."
            ) from error
        yield
