"""Measure how fast a dataset is prepared, beside how fast the parser alone reads the same files.

python -m benchmarks.datasets [FOLDER]

FOLDER holds crates; without it the tokio crate is brought, which is so small that the start of the child processes
shows. A megabyte is a million bytes of Rust files that were found. Everything is done three times by turns and the best
is taken, since other work on the machine slows all of it.
"""

import os
import sys
import tempfile
import time
from pathlib import Path

from benchmarks import crates
from rust_ai_ide.source.syntax.parsing import NotAnalysable, parse_rust
from rust_ai_ide.training.datasets.judging import judge
from rust_ai_ide.training.datasets.preparing import prepare_dataset
from rust_ai_ide.training.datasets.settings import Filters, PreparationSettings
from rust_ai_ide.training.filters import reason_to_drop

ROUNDS = 3


def preparing(folder: Path) -> float:
    """Return the seconds that preparing takes by the clock, on all processors."""
    with tempfile.TemporaryDirectory() as place:
        began = time.perf_counter()
        prepare_dataset(PreparationSettings((str(folder),), Path(place) / "made", own_code=True))
        return time.perf_counter() - began


def judging(files: list[bytes]) -> float:
    """Return the processor time of judging every file by itself, which is what the children do."""
    filters = Filters()
    began = time.process_time()
    for data in files:
        judge(data, filters)
    return time.process_time() - began


def parsing(files: list[bytes]) -> float:
    """Return the processor time of the parser alone, on those files that must be parsed."""
    kept = [data for data in files if not reason_to_drop(data)]
    began = time.process_time()
    for data in kept:
        try:
            parse_rust(data)
        except NotAnalysable:
            continue
    return time.process_time() - began


def main(folder: Path) -> None:
    """Print every figure."""
    files = [path.read_bytes() for path in sorted(folder.rglob("*.rs")) if path.is_file()]
    size = sum(map(len, files)) / 1e6
    cores = len(os.sched_getaffinity(0))
    rounds = [(preparing(folder), judging(files), parsing(files)) for _ in range(ROUNDS)]
    prepared, judged, parsed = (min(each) for each in zip(*rounds, strict=True))
    print(f"{size:.1f} MB in {len(files):,} files, {cores} cores")
    print(f"prepared: {size / prepared:.1f} MB/s on all cores")
    print(f"judged: {size / judged:.1f} MB/s a core; parsed alone: {size / parsed:.1f} MB/s a core")
    print(
        f"share of the parser's own speed: {parsed / judged:.0%} for a file, {parsed / cores / prepared:.0%} in all"
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else crates.bring("tokio"))
