"""Replay typing: lines of real files, key by key, through the cache, the file's own text and the model.

    python -m benchmarks.typing [MODEL-FOLDER]

A line is taken out of a file and typed again; everything after it stays. Before each key a suggestion is asked for, as
the editor does without its pauses. A suggestion is right where the line goes on with all of it, and then the keys
inside it are those that a user would not have to type.
"""

import os
import random
import statistics
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks import crates
from rust_ai_ide.runtime.completion.cache import CompletionCache, Surroundings
from rust_ai_ide.runtime.completion.choosing import Choice, choose, propose, sure
from rust_ai_ide.runtime.library import SHIPPED, register_folder
from rust_ai_ide.runtime.manifest import read_manifest
from tests.runtime.serving import Runtime, running

CRATES = ("hyper", "rayon", "regex")
LINES = 60
SHORTEST, LONGEST = 12, 90
SEED = 7
LEAST_RIGHT = 3
"""Characters that a right suggestion must save to be worth taking."""


@dataclass
class Tally:
    """What a replay came to."""

    keys: int = 0
    saved: int = 0
    wrong: int = 0
    inside: Counter[str] = field(default_factory=Counter)
    sources: Counter[str] = field(default_factory=Counter)
    milliseconds: dict[str, list[float]] = field(default_factory=dict)


def cases() -> list[tuple[str, str, str, str]]:
    """Return path, text before, line and text after of lines with something to write, the same each time."""
    chance = random.Random(SEED)
    found = []
    files = [file for crate in CRATES for file in sorted(crates.bring(crate).rglob("src/**/*.rs"))]
    while len(found) < LINES:
        file = chance.choice(files)
        lines = file.read_text().splitlines(keepends=True)
        number = chance.randrange(len(lines)) if lines else 0
        line = lines[number].rstrip("\n") if lines else ""
        text = line.lstrip()
        if SHORTEST <= len(text) <= LONGEST and not text.startswith("//"):
            indent = line[: len(line) - len(text)]
            before = "".join(lines[:number]) + indent
            found.append((file.name, before, text, "\n" + "".join(lines[number + 1 :])))
    return found


def suggestion(runtime: Runtime, model: str, path: str, before: str, after: str) -> Choice:
    """Return what the editor would show, as `apps.assistant.completing` makes it."""
    proposals = propose(before, after)
    choice = sure(path, before, after, proposals)
    if choice is not None:
        return choice
    request = {
        "model": model,
        "path": path,
        "input_prefix": before[-1200:],
        "input_suffix": after[:400],
        "n_predict": 32,
        "stop": ["\n"],
    }
    answer = runtime.ask("/infill", request)[1]
    likelihoods = answer["log_probabilities"]
    likelihood = statistics.fmean(likelihoods) if likelihoods else float("-inf")
    return choose(path, before, after, answer["content"], likelihood, proposals)


def type_line(
    runtime: Runtime, model: str, case: tuple[str, str, str, str], tally: Tally, cache: CompletionCache
) -> None:
    """Type one line key by key; take no suggestion, but note where one could have been taken."""
    path, start, line, after = case
    taken_until = 0
    for typed in range(len(line)):
        before = start + line[:typed]
        began = time.perf_counter()
        where = Surroundings(model, path, before, after)
        hit = cache.find(where)
        if hit is None:
            choice = suggestion(runtime, model, path, before, after)
            cache.keep(where, choice.text)
            text, kind = choice.text, choice.source
        else:
            text, kind = hit.text, hit.kind
        tally.milliseconds.setdefault(kind, []).append((time.perf_counter() - began) * 1000)
        tally.keys += 1
        tally.sources[kind] += 1
        if typed < taken_until:
            tally.inside[kind if hit else "missed"] += 1
        elif len(text) >= LEAST_RIGHT and line[typed:].startswith(text):
            taken_until = typed + len(text)
            tally.saved += len(text)
        elif text:
            tally.wrong += 1


def main(folder: Path) -> None:
    """Print the figures."""
    home = Path(tempfile.mkdtemp())
    os.environ["RUST_AI_IDE_HOME"] = str(home)
    manifest = read_manifest(folder)
    if folder.parent != SHIPPED:
        register_folder(folder, manifest)
    tally, cache = Tally(), CompletionCache()
    with running(home, "--model", manifest.id) as runtime:
        for case in cases():
            type_line(runtime, manifest.id, case, tally, cache)
    print(f"{manifest.id}: {LINES} lines of {', '.join(CRATES)}, {tally.keys} keys")
    print(f"characters inside a right suggestion: {tally.saved / tally.keys:.1%}")
    print(f"keys at which a wrong one is shown: {tally.wrong / tally.keys:.1%}")
    inside = sum(tally.inside.values())
    for kind in ("exact", "typed through", "missed"):
        share = tally.inside[kind] / inside if inside else 0
        print(f"keys inside a right suggestion, {kind}: {share:.1%}")
    for kind, times in sorted(tally.milliseconds.items()):
        ordered = sorted(times)
        p95 = ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))]
        print(f"{kind:14} {len(times):5} requests, P50 {statistics.median(times):6.1f} ms, P95 {p95:6.1f} ms")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else SHIPPED / "starter")
