"""Files of a work tree, opened for editing and saved: the one place where the product writes into a user's folder."""

import contextlib
import hashlib
import os
import secrets
import stat
from dataclasses import dataclass
from pathlib import Path

from rust_ai_ide.errors import RustAiIdeError
from rust_ai_ide.source.paths import clean_path, folder_beneath, open_beneath, shown

LARGEST = 2 * 1024 * 1024


class NotEditable(RustAiIdeError):
    """This file cannot be opened in the editor, or not be written."""


class ChangedOnDisk(RustAiIdeError):
    """The file is not what it was when it was opened; nothing was written. `current` is what it is now."""

    status = 409

    def __init__(self, message: str, current: "EditedFile") -> None:
        super().__init__(message)
        self.current = current


@dataclass(frozen=True)
class EditedFile:
    """A text with its line ends as `\n`; `newline` is what the file has, `digest` names its exact bytes."""

    text: str
    digest: str
    newline: str


def open_for_editing(root: Path, path: str) -> EditedFile:
    """Read a file of the work tree at `root`, through no symbolic link. Raises NotEditable or PathNotFound."""
    path = _editable_path(path)
    try:
        folder = os.open(root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            with os.fdopen(open_beneath(folder, path), "rb") as file:
                data = file.read(LARGEST + 1)
        finally:
            os.close(folder)
    except OSError as error:
        raise NotEditable(f"{shown(path)} cannot be opened: {error.strerror or error}.") from error
    return _edited(path, data)


def save_file(root: Path, path: str, text: str, *, expected: str) -> EditedFile:
    """Replace a file's content at once, keeping its line ends and mode; return what it is now.

    `expected` is the digest it had when it was opened. Raises ChangedOnDisk where it has another now, and
    NotEditable where it cannot be written; the file is then as it was.
    """
    path = _editable_path(path)
    current = open_for_editing(root, path)
    if current.digest != expected:
        raise ChangedOnDisk(
            f"{shown(path)} was changed on disk since you opened it. Nothing was saved.", current
        )
    data = text.replace("\r\n", "\n").replace("\n", current.newline).encode("utf-8", "surrogatepass")
    if len(data) > LARGEST:
        raise NotEditable(f"{shown(path)} would be larger than {LARGEST // 1024 // 1024} MB.")
    try:
        _replace(root, path, data)
    except OSError as error:
        raise NotEditable(
            f"{shown(path)} cannot be written: {error.strerror}. Nothing was changed."
        ) from error
    return _edited(path, data)


def create_file(root: Path, path: str, text: str) -> None:
    """Write a new file, and the folders it lies in where they are not there yet.

    Raises NotEditable where something lies there already, where the path leads through a symbolic link, or
    where it cannot be written.
    """
    path = _editable_path(path)
    data = text.encode("utf-8")
    if len(data) > LARGEST:
        raise NotEditable(f"{shown(path)} would be larger than {LARGEST // 1024 // 1024} MB.")
    try:
        _create(root, path, data)
    except FileExistsError as error:
        raise NotEditable(f"{shown(path)} is there already; nothing was written.") from error
    except OSError as error:
        raise NotEditable(
            f"{shown(path)} cannot be written: {error.strerror}. Nothing was changed."
        ) from error


def _create(root: Path, path: str, data: bytes) -> None:
    top = os.open(root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        parts = path.split("/")
        for deep in range(1, len(parts)):
            above, name = folder_beneath(top, "/".join(parts[:deep]))
            try:
                with contextlib.suppress(FileExistsError):
                    os.mkdir(name, dir_fd=above)
            finally:
                os.close(above)
        folder, name = folder_beneath(top, path)
    finally:
        os.close(top)
    made = f".{name[:100]}.{secrets.token_hex(4)}"
    try:
        _write_synced(
            os.open(made, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o666, dir_fd=folder), data
        )
        # A link fails where a file of the name is there, which a rename would replace.
        os.link(made, name, src_dir_fd=folder, dst_dir_fd=folder)
    finally:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(made, dir_fd=folder)
        os.close(folder)


def _write_synced(number: int, data: bytes) -> None:
    with os.fdopen(number, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(number)


def _replace(root: Path, path: str, data: bytes) -> None:
    top = os.open(root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        folder, name = folder_beneath(top, path)
    finally:
        os.close(top)
    made = f".{name[:100]}.{secrets.token_hex(4)}"
    try:
        mode = stat.S_IMODE(os.stat(name, dir_fd=folder, follow_symlinks=False).st_mode)
        number = os.open(made, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, mode, dir_fd=folder)
        try:
            os.fchmod(number, mode)
            _write_synced(number, data)
            os.rename(made, name, src_dir_fd=folder, dst_dir_fd=folder)
        except OSError:
            os.unlink(made, dir_fd=folder)
            raise
    finally:
        os.close(folder)


def _editable_path(path: str) -> str:
    path = clean_path(path)
    if not path or any(part.lower() == ".git" for part in path.split("/")):
        raise NotEditable("git's own files are not edited here.")
    return path


def _edited(path: str, data: bytes) -> EditedFile:
    if len(data) > LARGEST:
        raise NotEditable(f"{shown(path)} has more than the {LARGEST // 1024 // 1024} MB that can be edited.")
    if b"\0" in data:
        raise NotEditable(f"{shown(path)} is a binary file.")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise NotEditable(f"{shown(path)} is not UTF-8 text, so saving it could damage it.") from error
    newline = "\r\n" if "\r\n" in text and text.count("\r\n") == text.count("\n") else "\n"
    digest = hashlib.blake2b(data, digest_size=16).hexdigest()
    return EditedFile(text.replace("\r\n", "\n") if newline == "\r\n" else text, digest, newline)
