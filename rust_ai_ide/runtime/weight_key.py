"""The key that encrypts weights: a file outside the data directory, so that a copy of that directory holds no key."""

import os
import secrets
import stat
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path

from rust_ai_ide.home import data_directory
from rust_ai_ide.runtime.errors import InvalidConfig

LENGTH = 32
VARIABLE = "RUST_AI_IDE_MODEL_KEY"
_OPEN_TO_OTHERS = stat.S_IRWXG | stat.S_IRWXO


class KeyUnusable(InvalidConfig):
    """The key file is missing, badly placed, readable by others, or no key."""

    name = "KeyUnusable"


def key_file() -> Path:
    """Return where the key lies: `RUST_AI_IDE_MODEL_KEY`, else `rust-ai-ide/model.key` in the configuration folder."""
    chosen = os.environ.get("RUST_AI_IDE_MODEL_KEY")
    if chosen:
        return Path(chosen).expanduser()
    # The XDG base directory specification has relative paths ignored.
    configured = Path(os.environ.get("XDG_CONFIG_HOME") or "")
    base = configured if configured.is_absolute() else Path("~/.config").expanduser()
    return base / "rust-ai-ide" / "model.key"


def read_key() -> bytes:
    """Return the key. Raises KeyUnusable that says what is wrong with its file."""
    file = key_file()
    _check_place(file)
    try:
        status = file.stat()
        if not stat.S_ISREG(status.st_mode) or status.st_size != LENGTH:
            raise KeyUnusable(f"{file} is no key of {LENGTH} bytes.", "key")
        if status.st_mode & _OPEN_TO_OTHERS:
            raise KeyUnusable(f"Others may read the key {file}: chmod 600 it.", "key")
        return file.read_bytes()
    except FileNotFoundError as error:
        raise KeyUnusable(
            f"The key of the encrypted models, {file}, is missing: put it back, or set {VARIABLE} to where it is.",
            "key",
        ) from error
    except OSError as error:
        raise KeyUnusable(f"The key {file} cannot be read: {error.strerror}.", "key") from error


def read_or_make_key() -> bytes:
    """Return the key, made at first use. Of several processes that make it the first wins. Raises KeyUnusable."""
    file = key_file()
    _check_place(file)
    try:
        if not file.exists():
            _make(file)
    except OSError as error:
        raise KeyUnusable(f"The key {file} cannot be made: {error.strerror}.", "key") from error
    return read_key()


def key_id(key: bytes) -> str:
    """Return a name for the key that tells it from others and says nothing else of it."""
    return blake2b(key, digest_size=8, person=b"model-key").hexdigest()


def _make(file: Path) -> None:
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    made = file.with_name(f".{file.name}.{secrets.token_hex(4)}")
    try:
        made.touch(mode=0o600)
        made.write_bytes(secrets.token_bytes(LENGTH))
        with suppress(FileExistsError):
            file.hardlink_to(made)
    finally:
        made.unlink(missing_ok=True)


def _check_place(file: Path) -> None:
    if file.resolve().is_relative_to(data_directory().resolve()):
        raise KeyUnusable(
            f"The key {file} lies in the data directory, where a copy of the models would take it along: "
            f"set {VARIABLE} to a file elsewhere.",
            "key",
        )
