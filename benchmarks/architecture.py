"""Measure how long the architecture of a git repository takes: first, again, and after one file changed.

    python -m benchmarks.architecture /path/to/a/repository
    python -m benchmarks.architecture --workspace /path/to/a/folder/of/crates

With --workspace, the first crates of a folder that together have a million lines become one workspace, in a folder
that is thrown away. What is measured is what the page asks for: with an empty store of facts, parsing in two children;
with all facts stored; and with those of one file missing. With --types, what types and functions say is read, too, as
patterns need it. Memory is that of this process and of its largest child.
"""

import argparse
import resource
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from rust_ai_ide.architecture.sources import build_architecture, build_structure
from rust_ai_ide.source.git import Repository, list_files, open_repository, tree_of
from rust_ai_ide.source.isolation import IsolatedWorker
from rust_ai_ide.source.store import FactStore

_LINES = 1_000_000
_FEWEST, _MOST = 500, 40_000
_STORE_BYTES = 4 * 1024**3


def workspace(crates: Path, folder: Path) -> None:
    """Make a workspace, in git, of crates of 500 to 40,000 lines that together have a million."""
    lines, members = 0, []
    for crate in sorted(crates.iterdir()):
        count = sum(file.read_bytes().count(b"\n") for file in crate.rglob("*.rs") if file.is_file())
        if (crate / "Cargo.toml").is_file() and _FEWEST <= count <= _MOST:
            shutil.copytree(crate, folder / crate.name, symlinks=True)
            members.append(crate.name)
            lines += count
        if lines >= _LINES:
            break
    listed = ", ".join(f'"{member}"' for member in members)
    (folder / "Cargo.toml").write_text(f"[workspace]\nmembers = [{listed}]\n")
    _git(folder, "init", "--quiet")
    _commit(folder, "Begin")


def _git(folder: Path, *arguments: str) -> None:
    subprocess.run(["git", *arguments], cwd=folder, check=True, stdout=subprocess.DEVNULL)


def _commit(folder: Path, message: str) -> None:
    _git(folder, "add", "--all", "--force")
    who = ("-c", "user.name=benchmark", "-c", "user.email=benchmark@localhost")
    _git(folder, *who, "commit", "--quiet", "--message", message)


def measure(repository: Repository, folder: Path, *, with_types: bool) -> None:
    """Work the architecture out three times and print what each took. `folder` is a clone that may be changed."""
    tree = tree_of(repository, "HEAD")
    rust = [entry for entry in list_files(repository, tree) if entry.path.endswith(".rs")]
    worker = IsolatedWorker(size=2)
    build = build_structure if with_types else build_architecture
    with tempfile.TemporaryDirectory() as scratch:
        store = FactStore(Path(scratch) / "facts.sqlite3", max_bytes=_STORE_BYTES)
        try:
            print(f"{len(rust):,} Rust files")
            _told("first", lambda: build(repository, tree, store, worker=worker))
            _told("again", lambda: build(repository, tree, store, worker=worker))
            changed = folder / rust[len(rust) // 2].path
            changed.write_bytes(changed.read_bytes() + b"\npub fn added_by_the_benchmark() {}\n")
            _commit(folder, "Change a file")
            _told(
                "one file changed",
                lambda: build(repository, tree_of(repository, "HEAD"), store, worker=worker),
            )
        finally:
            store.close()


def _told(what: str, work: Callable[[], object]) -> None:
    start = time.perf_counter()
    work()
    seconds = time.perf_counter() - start
    ours, child = (
        resource.getrusage(who).ru_maxrss / 1024 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    print(f"{what:18} {seconds:6.2f} s   {ours:5.0f} MB and {child:5.0f} MB", flush=True)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument(
        "--workspace", action="store_true", help="make a workspace of the crates in the folder"
    )
    parser.add_argument("--types", action="store_true", help="also read types and functions")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "code"
        if arguments.workspace:
            folder.mkdir()
            workspace(arguments.folder, folder)
        else:
            _git(Path(scratch), "clone", "--quiet", "--shared", str(arguments.folder.resolve()), "code")
        measure(open_repository(folder), folder, with_types=arguments.types)


if __name__ == "__main__":
    main()
