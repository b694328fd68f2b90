"""Measure reviews as a user meets them: whole commands, on a folder of Rust code.

    python -m benchmarks.review [/path/to/crate [rounds]]

Prints medians. `first` has an empty store, `again` finds everything stored, `one file` reviews the largest
file of the folder that stays under 100 kB, with an empty store; `engine` is the rules alone, in one process.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks import crates
from rust_ai_ide.review.engine import examine
from rust_ai_ide.source.syntax.highlighting import highlight
from rust_ai_ide.source.syntax.parsing import parse_rust

REPOSITORY = Path(__file__).resolve().parents[1]
ONE_FILE = 100_000


def command(home: str, *arguments: str) -> float:
    """Run the command once and return its seconds."""
    environment = {**os.environ, "RUST_AI_IDE_HOME": home, "PYTHONPATH": str(REPOSITORY)}
    start = time.perf_counter()
    done = subprocess.run(
        [str(Path(sys.executable).with_name("rust-ai-ide")), "review", *arguments],
        env=environment,
        capture_output=True,
        check=False,
    )
    seconds = time.perf_counter() - start
    if done.returncode not in (0, 1):
        raise SystemExit(done.stderr.decode())
    return seconds


def with_empty_store(*arguments: str) -> float:
    """Run the command with a store of its own."""
    with tempfile.TemporaryDirectory() as home:
        return command(home, *arguments)


def timed(work: Callable[[bytes], object], sources: list[bytes]) -> float:
    """Return the seconds that a function takes for all sources."""
    start = time.perf_counter()
    for source in sources:
        work(source)
    return time.perf_counter() - start


def main(folder: str, rounds: int) -> None:
    """Measure and print."""
    files = {path: path.read_bytes() for path in sorted(Path(folder).rglob("*.rs")) if path.is_file()}
    sources = list(files.values())
    megabytes = sum(map(len, sources)) / 1e6
    one = max((path for path in files if len(files[path]) < ONE_FILE), key=lambda path: len(files[path]))
    examine(b"fn warm_up() {}")
    with tempfile.TemporaryDirectory() as home:
        command(home, "--project", folder)
        again = statistics.median(command(home, "--project", folder) for _ in range(rounds))
    first = statistics.median(with_empty_store("--project", folder) for _ in range(rounds))
    single = statistics.median(with_empty_store("--files", str(one)) for _ in range(rounds))
    engine = statistics.median(timed(examine, sources) for _ in range(rounds))
    colour = statistics.median(
        timed(lambda source: highlight(source, "rust"), sources) for _ in range(rounds)
    )
    parse = statistics.median(timed(parse_rust, sources) for _ in range(rounds))
    print(f"{folder}: {len(files)} files, {megabytes:.2f} MB, median of {rounds}")
    for name, seconds, size in (
        ("command, first", first, megabytes),
        ("command, again", again, megabytes),
        ("command, one file", single, len(files[one]) / 1e6),
        ("parse", parse, megabytes),
        ("engine", engine, megabytes),
        ("highlight", colour, megabytes),
    ):
        print(f"  {name:18} {seconds:7.3f} s {size / seconds:8.2f} MB/s")
    print(f"  again is {first / again:.1f} times as fast as first")


if __name__ == "__main__":
    crate = sys.argv[1] if len(sys.argv) > 1 else str(crates.bring("tokio"))
    main(crate, int(sys.argv[2]) if len(sys.argv) > 2 else 5)
