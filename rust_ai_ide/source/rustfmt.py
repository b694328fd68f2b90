"""Asks rustfmt how it would lay out a text. It reads the text alone: nothing is compiled, no other file is followed."""

import os
import shutil
import subprocess
from pathlib import Path

from rust_ai_ide.errors import RustAiIdeError

_SECONDS = 20.0
_NAMES = ("rustfmt.toml", ".rustfmt.toml")
_KEPT = ("PATH", "HOME", "CARGO_HOME", "RUSTUP_HOME", "RUSTUP_TOOLCHAIN", "TMPDIR")


class RustfmtMissing(RustAiIdeError):
    """There is no rustfmt on this machine."""


def rustfmt() -> str:
    """Return the path of rustfmt. Raises RustfmtMissing where there is none that runs."""
    found = shutil.which("rustfmt")
    # A toolchain's stand-in may be there without the program that it stands for.
    if found is None or _run([found, "--version"], b"") is None:
        raise RustfmtMissing("There is no rustfmt that runs; install it with rustup component add rustfmt.")
    return found


def settings_of(folder: Path) -> Path | None:
    """Return rustfmt's settings in a folder, None where there are none."""
    return next((folder / name for name in _NAMES if (folder / name).is_file()), None)


def formatted(program: str, source: bytes, edition: str, settings: Path | None) -> bytes | None:
    """Return a text as rustfmt lays it out, None where it cannot be read, takes 20 s, or rustfmt is not set up."""
    command = [program, "--quiet", "--emit", "stdout", "--edition", edition]
    # Without a place named, rustfmt looks in the folders above the one it runs in.
    command += ["--config-path", str(settings if settings else os.devnull)]
    return _run(command, source)


def _run(command: list[str], source: bytes) -> bytes | None:
    try:
        done = subprocess.run(
            command,
            input=source,
            capture_output=True,
            env={name: os.environ[name] for name in _KEPT if name in os.environ},
            cwd=os.sep,
            timeout=_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout if done.returncode == 0 and done.stdout else None
