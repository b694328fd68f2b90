"""Has rustc resolve the names of a library that compiles alone. Cargo is not run, and nothing is written beside it."""

import os
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from benchmarks.resolved_tree import Resolved, read
from rust_ai_ide.source.cargo import Target


class LeftOut(Exception):
    """A crate that cannot be compared, and why."""


def compiled(folder: Path, library: Target, manifest: Mapping[str, Any], seconds: float) -> Resolved:
    """Return what rustc resolves in a library, in an empty folder of its own. Raises LeftOut."""
    if not shutil.which("rustc"):
        raise SystemExit("Names are resolved by rustc, which is not installed here.")
    command = ["rustc", "--crate-type", "lib", "--crate-name", library.crate_name, "--cap-lints", "allow"]
    command += ["--edition", library.edition, "-Zunpretty=hir-tree", str(folder.resolve() / library.root)]
    for feature in sorted(default_features(manifest.get("features", {}))):
        command += ["--cfg", f'feature="{feature}"']
    # A toolchain file in the crate has no say where rustc starts elsewhere.
    with tempfile.TemporaryDirectory() as scratch, tempfile.TemporaryFile("w+", errors="replace") as errors:
        process = subprocess.Popen(
            command,
            cwd=scratch,
            env={**os.environ, **told_by_cargo(folder, manifest), "OUT_DIR": scratch},
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            errors="replace",
        )
        limit = threading.Timer(seconds, process.kill)
        limit.start()
        try:
            with process:
                assert process.stdout is not None
                resolved = read(process.stdout)
            if not limit.is_alive():
                raise LeftOut(f"rustc took longer than {seconds:g} s")
        finally:
            limit.cancel()
        if process.returncode:
            errors.seek(0)
            told = (line.strip() for line in errors if line.startswith("error"))
            raise LeftOut(next(told, f"rustc ended with {process.returncode}"))
    if not resolved.modules:
        raise LeftOut("this release of rustc prints its tree in another form")
    return resolved


def default_features(table: Mapping[str, list[str]]) -> set[str]:
    """Return the features that are on by default, those that others turn on among them."""
    on: set[str] = set()
    waiting = ["default"] if "default" in table else []
    while waiting:
        name = waiting.pop()
        if name not in on and not name.startswith("dep:") and "/" not in name:
            on.add(name)
            waiting += table.get(name, ())
    return on


def told_by_cargo(folder: Path, manifest: Mapping[str, Any]) -> dict[str, str]:
    """Return what cargo tells a crate of itself while it is compiled."""
    package = manifest["package"]
    version = package.get("version")
    version = version if isinstance(version, str) else "0.0.0"
    parts = [*version.partition("+")[0].partition("-")[0].split("."), "0", "0"]
    names = ("MAJOR", "MINOR", "PATCH")
    return {
        "RUSTC_BOOTSTRAP": "1",
        "CARGO_MANIFEST_DIR": str(folder.resolve()),
        "CARGO_PKG_NAME": package.get("name", folder.resolve().name),
        "CARGO_PKG_VERSION": version,
        **{f"CARGO_PKG_VERSION_{name}": part for name, part in zip(names, parts, strict=False)},
    }
