"""Measure how the time and memory of reviews grow with the code, with every rule on.

    python -m benchmarks.review_growth /path/to/a/folder/of/crates

Reviews the first folders that together have 1, 10, 40 MB of Rust and so on up to all of it: once with an empty
store, and once more. Memory is that of all processes together.
"""

import argparse
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.review_peers import OURS, run

_MEGABYTES = (1, 10, 40)


def sizes(folder: Path) -> Iterator[tuple[Path, int]]:
    """Yield the folders in a folder with the bytes of Rust in them."""
    for inner in sorted(folder.iterdir()):
        files = [file for file in inner.rglob("*.rs") if file.is_file()]
        yield inner, sum(file.stat().st_size for file in files)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=arguments.folder.parent) as scratch:
        code, limits, held = Path(scratch) / "code", list(_MEGABYTES), 0
        waiting = list(sizes(arguments.folder))
        while waiting:
            limit = limits.pop(0) * 1e6 if limits else float("inf")
            while waiting and held < limit:
                inner, size = waiting.pop(0)
                # Linked, not copied: what is measured is the reading of files, not the writing of them.
                shutil.copytree(inner, code / inner.name, symlinks=True, copy_function=os.link)
                held += size
            measure(code, held / 1e6)


def measure(code: Path, megabytes: float) -> None:
    """Review a folder twice and print what it took."""
    command = [OURS, "review", "--profile", "thorough", "--fail-on", "critical", "--output", "/dev/null"]
    with tempfile.TemporaryDirectory() as home:
        first, again = (run([*command, "--project", "."], code, home) for _ in range(2))
    print(
        f"{megabytes:6.1f} MB   first {first.seconds:7.2f} s {megabytes / first.seconds:5.2f} MB/s"
        f" {first.memory / 1e6:5.0f} MB   again {again.seconds:6.2f} s {again.memory / 1e6:5.0f} MB",
        flush=True,
    )


if __name__ == "__main__":
    main()
