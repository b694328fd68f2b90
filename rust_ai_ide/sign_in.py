"""One-time sign-in tokens.

A token is a random name; the data directory holds an empty file named by its hash. Using it removes the file, which
succeeds once only, whoever tries at the same time. So the command line can make one with no server running.
"""

import hashlib
import re
import secrets
import time
from pathlib import Path

from rust_ai_ide.home import data_directory

LIFETIME = 15 * 60
"""Seconds a token can be used for."""


def _folder() -> Path:
    folder = data_directory() / "sign-in"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder


def _file(token: str) -> Path:
    return _folder() / hashlib.sha256(token.encode()).hexdigest()


def issue_token() -> str:
    """Make a fresh token and forget those whose time is over."""
    for old in _folder().iterdir():
        if time.time() - old.stat().st_mtime > LIFETIME:
            old.unlink(missing_ok=True)
    token = secrets.token_urlsafe(24)
    _file(token).touch(mode=0o600)
    return token


def use_token(token: str) -> bool:
    """Use `token` up; return whether it was good."""
    if not re.fullmatch(r"[\w-]{32}", token):
        return False
    file = _file(token)
    try:
        fresh = time.time() - file.stat().st_mtime <= LIFETIME
        file.unlink()
    except FileNotFoundError:
        return False
    return fresh
