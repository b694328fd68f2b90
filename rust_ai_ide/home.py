"""The data directory: where everything the product keeps lives."""

import os
import secrets
from collections.abc import Callable
from pathlib import Path

from rust_ai_ide.errors import RustAiIdeError

VARIABLE = "RUST_AI_IDE_HOME"


class DataDirectoryUnusable(RustAiIdeError):
    """The data directory cannot be made or written."""


def data_directory() -> Path:
    """Return the data directory (`RUST_AI_IDE_HOME`, else `~/.rust-ai-ide`), made private to its owner.

    Raises DataDirectoryUnusable where it cannot be made.
    """
    home = Path(os.environ.get(VARIABLE) or "~/.rust-ai-ide").expanduser()
    try:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise DataDirectoryUnusable(
            f"The data directory {home} cannot be made: {error.strerror}. Set {VARIABLE} to a folder you own."
        ) from error
    return home


def private_file(name: str, make: Callable[[], bytes]) -> bytes:
    """Return the content of a file of the data directory that only its owner can read, made at first use.

    Of several processes that make it at the same time the first wins; none sees half of it.
    """
    file = data_directory() / name
    if not file.exists():
        made = file.with_name(f".{name}.{secrets.token_hex(4)}")
        made.touch(mode=0o600)
        made.write_bytes(make())
        try:
            file.hardlink_to(made)
        except FileExistsError:
            pass
        finally:
            made.unlink()
    return file.read_bytes()
