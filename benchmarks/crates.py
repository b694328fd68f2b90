"""Brings a Rust crate's source out of the distribution's own package, without installing it."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

CACHE = Path(os.environ.get("XDG_CACHE_HOME", "~/.cache")).expanduser() / "rust-ai-ide" / "crates"


def bring(name: str) -> Path:
    """Return a folder with the source of a crate that Debian packages; it is downloaded once."""
    # Debian writes a hyphen where the crate's own name may have a line.
    folders = f"{name.replace('-', '[-_]')}-[0-9]*"
    known = sorted(CACHE.glob(folders))
    if known:
        return known[-1]
    if not shutil.which("apt-get"):
        raise SystemExit(f"The {name} crate comes from Debian's packages, and this machine has no apt-get.")
    CACHE.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=CACHE) as folder:
        subprocess.run(
            ["apt-get", "download", f"librust-{name}-dev"], cwd=folder, check=True, capture_output=True
        )
        (package,) = Path(folder).glob("*.deb")
        subprocess.run(["dpkg-deb", "--extract", str(package), folder], check=True)
        (source,) = Path(folder).glob(f"usr/share/cargo/registry/{folders}")
        return source.rename(CACHE / source.name)
