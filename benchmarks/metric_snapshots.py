"""Compare our measures with those that Mozilla published of a project, space by space.

    git clone https://github.com/mozilla/rust-code-analysis-output
    git clone https://github.com/serde-rs/serde
    git -C serde checkout d6de911
    python -m benchmarks.metric_snapshots rust-code-analysis-output/snapshots/serde serde

Prints for each measure in how many spaces it agrees, to the three decimals that were published, and the speed.
"""

import argparse
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from rust_ai_ide.architecture.metrics.measuring import measure
from rust_ai_ide.architecture.metrics.reporting import values_of
from rust_ai_ide.architecture.metrics.spaces import Space, SpaceKind

_SUFFIX = ".snap"
_DIVIDER = "---\n"
_UNDEFINED = frozenset({"inf", "-inf", "nan", ".inf", "-.inf", ".nan"})
_CLOSE = 0.0011  # both are rounded to three decimals


def published(metrics: dict[str, Any]) -> dict[str, Any]:
    """Return the measures of a snapshot by our names."""
    halstead, lines = metrics["halstead"], metrics["loc"]
    return {
        "cyclomatic": metrics["cyclomatic"]["sum"],
        "cognitive": metrics["cognitive"]["sum"],
        "exits": metrics["nexits"]["sum"],
        "functions": metrics["nom"]["functions"],
        "closures": metrics["nom"]["closures"],
        **{name: lines[name] for name in ("sloc", "ploc", "lloc", "cloc", "blank")},
        **{f"halstead_{name}": halstead[name] for name in ("n1", "N1", "n2", "N2")},
        **{f"halstead_{name}": halstead[name] for name in ("volume", "difficulty", "effort")},
        **{name: metrics["mi"][name] for name in ("mi_original", "mi_sei", "mi_visual_studio")},
    }


def agrees(theirs: object, ours: float | None) -> bool:
    """Tell whether two values are the same as far as they were published; what is no number is undefined."""
    if theirs is None or str(theirs).lower() in _UNDEFINED:
        return ours is None
    return ours is not None and abs(float(str(theirs)) - ours) < _CLOSE


def pairs(theirs: dict[str, Any], ours: Space) -> Iterator[tuple[dict[str, Any], Space]]:
    """Yield the spaces of a snapshot with ours. Raises SystemExit where the trees differ."""
    waiting = [(theirs, ours)]
    while waiting:
        theirs, ours = waiting.pop()
        place = (theirs["start_line"], theirs["end_line"], theirs["kind"], len(theirs["spaces"]))
        name = ours.name if ours.kind is SpaceKind.UNIT else theirs["name"]
        if (*place, name) != (ours.start_line, ours.end_line, ours.kind.value, len(ours.spaces), ours.name):
            raise SystemExit(f"{ours.name}, line {ours.start_line}: the spaces differ")
        yield theirs, ours
        waiting.extend(zip(theirs["spaces"], ours.spaces, strict=True))


def main() -> None:
    """Compare and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("snapshots", type=Path)
    parser.add_argument("source", type=Path)
    arguments = parser.parse_args()
    right: Counter[str] = Counter()
    spaces = size = 0
    seconds = 0.0
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    for snapshot in sorted(arguments.snapshots.rglob(f"*.rs{_SUFFIX}")):
        path = str(snapshot.relative_to(arguments.snapshots)).removesuffix(_SUFFIX)
        source = (arguments.source / path).read_bytes()
        start = time.perf_counter()
        unit = measure(source, path)
        seconds += time.perf_counter() - start
        size += len(source)
        document = yaml.load(snapshot.read_text().split(_DIVIDER, 2)[2], Loader=loader)
        for theirs, ours in pairs(document, unit):
            spaces += 1
            values = values_of(ours)
            right.update(
                name for name, value in published(theirs["metrics"]).items() if agrees(value, values[name])
            )
    for name, count in right.items():
        print(f"  {name:20} {count:6,} of {spaces:,}")
    print(f"{size / 1e6:.2f} MB in {seconds:.2f} s: {size / 1e6 / seconds:.2f} MB/s")


if __name__ == "__main__":
    main()
