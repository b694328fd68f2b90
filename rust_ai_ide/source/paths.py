"""Paths that come from outside: checked before anything is looked up by them."""

import os
import re
import stat

from rust_ai_ide.errors import RustAiIdeError

_LONGEST_PATH = 4096
_SCHEME = re.compile(r"^[A-Za-z][A-Za-z0-9+.-]*:(?:[/\\]|$)")


class PathNotFound(RustAiIdeError):
    """The tree holds nothing at this path, or the path is not one that a tree can hold."""


def clean_path(path: str) -> str:
    """Return a relative path as a tree holds it, without a trailing slash; "" is the top.

    Refuses with PathNotFound whatever could mean a place outside: parents, absolute paths, addresses,
    NUL, and all these in backslashes or percent-encoded once or twice more.
    """
    path = path.removesuffix("/")
    if len(path) > _LONGEST_PATH:
        raise PathNotFound("There is no file by this name: the path is too long.")
    # Imported late: most paths never come from outside.
    from urllib.parse import unquote

    form = path
    for _ in range(3):
        if "\0" in form or _SCHEME.match(form) or form.startswith(("/", "\\")):
            raise _refusal(path)
        if any(part in ("..", ".") for part in re.split(r"[/\\]", form)):
            raise _refusal(path)
        form = unquote(form, errors="surrogateescape")
    if path and any(not part for part in path.split("/")):
        raise _refusal(path)
    return path


def _refusal(path: str) -> PathNotFound:
    return PathNotFound(f"There is no file {shown(path)} in this tree.")


def shown(path: str) -> str:
    """Return a path fit for a message: control characters and undecodable bytes as escapes."""
    return repr(path)[1:-1] if not path.isprintable() else path


def path_bytes(path: str) -> bytes:
    """Return a path as git stores it; names that are not UTF-8 come back byte for byte."""
    return path.encode("utf-8", "surrogateescape")


def path_text(raw: bytes) -> str:
    """Return git's path as text; names that are not UTF-8 keep their bytes as lone surrogates."""
    return raw.decode("utf-8", "surrogateescape")


def open_beneath(root: int, path: str) -> int:
    """Open the regular file `path` below the folder descriptor `root`, following no symbolic link at all.

    Returns a file descriptor. Raises OSError, also where the path leads through a link or to no regular file.
    """
    folder, name = folder_beneath(root, path)
    try:
        # Without O_NONBLOCK a pipe put in the file's place would hold us forever.
        flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
        number = os.open(name, flags, dir_fd=folder)
    finally:
        os.close(folder)
    if not stat.S_ISREG(os.fstat(number).st_mode):
        os.close(number)
        raise OSError(f"{shown(path)} is not a regular file")
    return number


def status_beneath(root: int, path: str) -> os.stat_result:
    """Return the status of what lies at `path` itself, reached through no symbolic link. Raises OSError."""
    folder, name = folder_beneath(root, path)
    try:
        return os.stat(name, dir_fd=folder, follow_symlinks=False)
    finally:
        os.close(folder)


def link_target_beneath(root: int, path: str) -> bytes:
    """Return where the symbolic link at `path` points. Raises OSError."""
    folder, name = folder_beneath(root, path)
    try:
        return os.fsencode(os.readlink(name, dir_fd=folder))
    finally:
        os.close(folder)


def folder_beneath(root: int, path: str) -> tuple[int, str]:
    """Open the folder that holds `path` below `root`, through no symbolic link; return it and the last name.

    Raises OSError. The caller closes the descriptor.
    """
    folders, _, name = path.rpartition("/")
    folder = os.dup(root)
    try:
        for part in folders.split("/") if folders else ():
            below = os.open(part, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=folder)
            os.close(folder)
            folder = below
    except OSError:
        os.close(folder)
        raise
    return folder, name
