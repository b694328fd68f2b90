"""Measure contexts and copying on crates from Debian's packages.

    python -m benchmarks.context [cases]

Time and memory: one repository with a folder for each crate, a file's context in a process of its own. `cold` has an
empty store, `stored` finds the facts of every file in the store, `warm` has the index, too, as a running server has.

Quality: each crate is a repository of its own. A case is a line inside a function that is taken out; needed is the
definition of a compound name in it that one other file alone defines. Tokens are estimated as three bytes each.
"""

import difflib
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks import crates
from benchmarks.server import resident
from rust_ai_ide.runtime.completion.copying import propose_by_copying
from rust_ai_ide.runtime.completion.gates import keeps_syntax
from rust_ai_ide.runtime.context import (
    Context,
    Cursor,
    Reason,
    RepositoryIndex,
    context_for,
    index_files,
    index_tree,
)
from rust_ai_ide.runtime.context.building import context_of
from rust_ai_ide.runtime.context.focus import focus_of_cursor
from rust_ai_ide.runtime.context.fusing import fused
from rust_ai_ide.runtime.context.gathering import facts_of
from rust_ai_ide.runtime.context.ranking import Ranking, enclosing, rank
from rust_ai_ide.runtime.context.words import identifiers, subwords
from rust_ai_ide.source.git import open_repository, tree_of
from rust_ai_ide.source.store import FactStore
from tests.source.repositories import TestRepository

CRATES = ("tokio", "hyper", "rayon", "regex", "rustls", "syn")
BUDGETS = (512, 1024, 2048, 8192)
SEED = 20
ROUNDS = 10
POSITIONS = 600
OPEN = "tokio/src/sync/mutex.rs"


@dataclass(frozen=True)
class Case:
    """A line to write, and the path and name of the definition that it needs."""

    cursor: Cursor
    path: str
    name: str


def count_tokens(text: str) -> int:
    """Estimate."""
    return -(-len(text.encode()) // 3)


def files_of(crate: str) -> dict[str, bytes]:
    """Return the files of a crate by path."""
    folder = crates.bring(crate)
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.suffix in (".rs", ".md", ".toml") and path.is_file() and not path.is_symlink()
    }


def lines_of(files: Mapping[str, bytes], chance: random.Random) -> tuple[str, list[str], int]:
    """Return the path and the lines of a random source file, and the number of a random line of code in it."""
    paths = [path for path in files if path.endswith(".rs") and path.startswith("src/")]
    while True:
        path = chance.choice(paths)
        lines = files[path].decode("utf-8", "replace").splitlines(keepends=True)
        number = chance.randrange(max(len(lines), 1))
        if lines and len(lines[number].strip()) > 7 and not lines[number].strip().startswith(("//", "*")):
            return path, lines, number


def case_of(files: Mapping[str, bytes], defined: Mapping[str, str], chance: random.Random) -> Case:
    """Return a case; `defined` has the path of each compound name that one file alone defines."""
    while True:
        path, lines, number = lines_of(files, chance)
        line = lines[number].lstrip()
        if line == lines[number] or line.startswith(("use ", "pub use", "#", "mod ")):
            continue
        needed = [name for name in identifiers(line) if defined.get(name, path) != path]
        if needed:
            before = "".join(lines[:number]) + lines[number][: len(lines[number]) - len(line)]
            text = before + "\n" + "".join(lines[number + 1 :])
            return Case(Cursor(path, text, len(before)), defined[needed[0]], needed[0])


def defined_once(index: RepositoryIndex) -> dict[str, str]:
    """Return the path of each name of two or more words that one file alone defines."""
    paths: dict[str, set[str]] = {}
    for number, one in enumerate(index.definitions):
        if one.signature and one.kind != "impl" and len(subwords(one.name)) > 1:
            paths.setdefault(one.name, set()).add(index.path_of(number))
    return {name: next(iter(found)) for name, found in paths.items() if len(found) == 1}


def holds(context: Context, case: Case) -> bool:
    """Tell whether the needed definition is in a context, by itself or in the trait around it."""
    return any(
        piece.path == case.path
        and (piece.name == case.name or (piece.kind == "trait" and f"fn {case.name}" in piece.text))
        for piece in context.sent
    )


def only(reason: Reason) -> Callable[[Ranking], Ranking]:
    """Return what leaves a single ranking."""
    return lambda ranking: Ranking(fused({reason: ranking.by_reason[reason]}, {}), ranking.by_reason)


def in_random_order(ranking: Ranking) -> Ranking:
    """Return what could be sent, in random order."""
    offered = ranking.by_reason[Reason.REFERENCES] > 0
    scores = np.random.default_rng(SEED).random(len(offered)) * offered
    return Ranking(fused({Reason.WORDS: scores}, {}), {Reason.WORDS: scores})


METHODS: dict[str, Callable[[Ranking], Ranking]] = {
    "random": in_random_order,
    "BM25 alone": only(Reason.WORDS),
    "references alone": only(Reason.REFERENCES),
    "used alone": only(Reason.USED),
    "all fused": lambda ranking: ranking,
}


def measure_quality(repositories: Mapping[str, Mapping[str, bytes]], cases: int) -> None:
    """Print how often the needed definition is in the context."""
    chance = random.Random(SEED)
    hits = {(name, budget): 0 for name in METHODS for budget in BUDGETS}
    total, known = 0, 0
    for files in repositories.values():
        index = index_files(files)
        defined = defined_once(index)
        for _ in range(cases // len(repositories)):
            case = case_of(files, defined, chance)
            cursor = case.cursor
            edited = index.with_file(cursor.path, facts_of(cursor.path, cursor.text.encode()))
            around = enclosing(edited, cursor)
            focus = focus_of_cursor(cursor, edited.definitions[around] if around is not None else None)
            ranking = rank(edited, focus, (), cursor)
            known += case.name in cursor.text
            total += 1
            for name, method in METHODS.items():
                changed = method(ranking)
                for budget in BUDGETS:
                    hits[name, budget] += holds(
                        context_of(edited, changed, focus, budget, count_tokens), case
                    )
    print(f"needed definition in the context, {total} cases; in {known} the file names it elsewhere")
    print(f"  {'tokens':18}" + "".join(f"{budget:>9,}" for budget in BUDGETS))
    for name in METHODS:
        shares = "".join(f"{100 * hits[name, budget] / total:7.1f} %" for budget in BUDGETS)
        print(f"  {name:18}{shares}")


def measure_copying(repositories: Mapping[str, Mapping[str, bytes]]) -> None:
    """Print how well lines are completed at random positions by copying from their own file."""
    chance = random.Random(SEED)
    print(f"copying, {POSITIONS} random positions inside lines, from the file alone")
    times, exact, similar = [], 0, 0.0
    gated, gate_times, wrong_times, refused_right, refused_wrong = 0, [], [], 0, 0
    for number in range(POSITIONS):
        files = list(repositories.values())[number % len(repositories)]
        _, lines, row = lines_of(files, chance)
        line = lines[row].rstrip()
        column = chance.randrange(len(line) - len(line.lstrip()), len(line))
        before, after = "".join(lines[:row]) + line[:column], "\n" + "".join(lines[row + 1 :])
        wanted = line[column:]
        begun = time.perf_counter()
        found = propose_by_copying(before, after)
        times.append(time.perf_counter() - begun)
        best = found[0].text if found else ""
        exact += best == wanted
        similar += difflib.SequenceMatcher(None, best, wanted, autojunk=False).ratio()
        begun = time.perf_counter()
        refused_right += not keeps_syntax(before, wanted, after)
        gate_times.append(time.perf_counter() - begun)
        if best and best != wanted:
            gated += 1
            begun = time.perf_counter()
            refused_wrong += not keeps_syntax(before, best, after)
            wrong_times.append(time.perf_counter() - begun)
    print(f"  exact {100 * exact / POSITIONS:.1f} %, edit similarity {similar / POSITIONS:.3f}")
    print(f"  {percentiles(times)}")
    print(
        f"  the gate refuses {refused_wrong} of {gated} wrong proposals and {refused_right} of {POSITIONS} right lines"
    )
    print(f"  the gate: {percentiles(gate_times)} for right lines, {percentiles(wrong_times)} for wrong ones")


def percentiles(seconds: list[float]) -> str:
    """Return the median and the 95th percentile in milliseconds."""
    p95 = statistics.quantiles(seconds, n=20)[-1]
    return f"P50 {statistics.median(seconds) * 1000:.2f} ms, P95 {p95 * 1000:.2f} ms"


def measure_time(repositories: Mapping[str, Mapping[str, bytes]]) -> None:
    """Print time and memory of one file's context, in processes of their own."""
    files = {f"{crate}/{path}": text for crate, found in repositories.items() for path, text in found.items()}
    rust = [text for path, text in files.items() if path.endswith(".rs")]
    print(
        f"one file's context in 2,048 tokens: {len(rust)} files, {sum(map(len, rust)) / 1e6:.1f} MB of Rust"
    )
    with tempfile.TemporaryDirectory() as folder:
        made = TestRepository(Path(folder) / "all")
        made.commit("Begin", dict(files))
        for name in ("cold", "stored"):
            command = [sys.executable, "-m", "benchmarks.context", "--one", str(made.path), f"{folder}/store"]
            done = subprocess.run(command, check=True, capture_output=True, text=True)
            print(f"  {name:8}{done.stdout.rstrip()}")


def one(path: str, store: str) -> None:
    """Make the context of one file and print the times of the first and of later ones."""
    import resource

    before = resident_now()
    begun = time.perf_counter()
    repository = open_repository(Path(path))
    tree = tree_of(repository, "HEAD")
    index = index_tree(repository, tree, FactStore(Path(store)))
    text = index.read(OPEN).decode()
    cursor = Cursor(OPEN, text, text.index("pub fn try_lock"))
    context_for(index, cursor, 2048, count_tokens)
    first = time.perf_counter() - begun
    times = []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        context_for(index, cursor, 2048, count_tokens)
        times.append(time.perf_counter() - begun)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6
    print(
        f"{first:6.2f} s, then warm {statistics.median(times):.3f} s median of {ROUNDS};"
        f" peak {peak:.0f} MB, of which {before:.0f} MB before anything was read"
    )


def resident_now() -> float:
    """Return the memory of this process in megabytes."""
    import os

    return resident(os.getpid())


def main(cases: int) -> None:
    """Measure and print."""
    repositories = {crate: files_of(crate) for crate in CRATES}
    measure_time(repositories)
    measure_quality(repositories, cases)
    measure_copying(repositories)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        one(*sys.argv[2:4])
    else:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 300)
