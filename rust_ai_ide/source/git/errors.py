"""What can go wrong with git, each said in one sentence for the user."""

import re

from rust_ai_ide.errors import RustAiIdeError


class GitError(RustAiIdeError):
    """Base of the errors of the git layer."""


class GitMissing(GitError):
    """The git program is not installed."""


class GitFailed(GitError):
    """git ended with an error that has no class of its own."""


class GitTimedOut(GitError):
    """git took longer than the step may take."""


class OutputTooLarge(GitError):
    """git said more than the step may read."""


class NotARepository(GitError):
    """There is no git repository at this path."""


class UnknownRevision(GitError):
    """No commit goes by this name."""


class ObjectMissing(GitError):
    """An object that the repository names is not stored in it."""


class UnmergedIndex(GitError):
    """The index holds unresolved merge conflicts."""


class SearchRefused(GitError):
    """The search text or expression cannot be searched for."""


class DiskFull(GitError):
    """There is no space left for what git has to write."""


_ESCAPES = re.compile(
    r"\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)?|\x1b[@-Z\\-_]?(?:\[[0-?]*[ -/]*[@-~])?|\x9b[0-?]*[ -/]*[@-~]"
)
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_LONGEST_MESSAGE = 400
_FULL = ("No space left on device", "Out of diskspace", "Disk quota exceeded")


def printable(raw: bytes | str) -> str:
    """Return program output as text without terminal escapes, control and bidirectional characters."""
    text = raw.decode("utf-8", "replace") if isinstance(raw, bytes) else raw
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _CONTROLS.sub("", _ESCAPES.sub("", text))


def error_from(stderr: bytes | str, activity: str) -> GitError:
    """Return the error that git's own words stand for; `activity` completes "git could not …"."""
    text = printable(stderr).strip()
    if any(words in text for words in _FULL):
        return DiskFull(f"The disk is full, so git could not {activity}. Free some space and try again.")
    if "not a git repository" in text:
        return NotARepository("This folder is not a git repository, or its .git folder is damaged.")
    if "unknown repository extension" in text or "Expected git repo version" in text:
        return GitFailed(
            "This repository needs a newer git than the one installed; update git and try again."
        )
    if "unable to find" in text or "bad object" in text or "missing blob" in text or "unable to read" in text:
        return ObjectMissing(
            f"git could not {activity} because an object is missing from the repository"
            f" ({_short(text)}); in a partial or shallow clone, fetch the rest with git fetch --refetch."
        )
    return GitFailed(f"git could not {activity}: {_short(text) or 'it gave no reason'}.")


def _short(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    telling = [line for line in lines if line.startswith(("fatal:", "error:"))] or lines
    line = re.sub(r"^(fatal|error): ", "", telling[0]) if telling else ""
    return line[:_LONGEST_MESSAGE].rstrip(".")
