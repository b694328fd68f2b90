"""Compare the patterns that we find in published code with what people who read it said is there.

    python -m benchmarks.patterns FOLDER

`benchmarks/pattern_sources.tsv` names the repositories, each at a commit, and the crates, each at a version. FOLDER
holds them under the names there; one that it lacks is named as left out. `benchmarks/pattern_labels.tsv` says for
types, modules and crates in them whether a pattern is there: `before` it was known what is shown, or `after`, by
reading what was shown. Labels of the set `tuned` were looked at while detectors were made, those of `held` were not.

Prints for each set and pattern how much of what is shown, and has a label, is right; and how much of what was said
before to be there is shown.
"""

import argparse
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from rust_ai_ide.architecture.folder import NoProject
from rust_ai_ide.architecture.patterns.detecting import detect
from rust_ai_ide.architecture.sources import structure_of_files
from rust_ai_ide.source.cargo import MANIFEST

LABELS = Path(__file__).with_name("pattern_labels.tsv")
_THERE, _BEFORE = "yes", "before"


@dataclass(frozen=True)
class Label:
    """What was said of one subject; `part` is tuned or held, `judged` before or after."""

    part: str
    judged: str
    source: str
    pattern: str
    subject: str
    is_there: bool


@dataclass
class Score:
    """What was shown of what has a label, and what was not; `found` is what was right, and said before."""

    right: list[Label] = field(default_factory=list)
    found: list[Label] = field(default_factory=list)
    wrong: list[Label] = field(default_factory=list)
    missed: list[Label] = field(default_factory=list)

    def __str__(self) -> str:
        right, wrong, found, missed = map(len, (self.right, self.wrong, self.found, self.missed))
        return (
            f"{_share(right, right + wrong)} of what is shown is right, "
            f"{_share(found, found + missed)} of what is there is shown"
        )


def labels(path: Path = LABELS) -> Iterator[Label]:
    """Yield the labels of a table."""
    for line in path.read_text(encoding="utf-8").splitlines()[1:]:
        part, judged, source, pattern, subject, is_there = line.split("\t")
        yield Label(part, judged, source, pattern, subject, is_there == _THERE)


def add(label: Label, shown: set[tuple[str, str]], score: Score) -> None:
    """Add a label to the score, by what is shown."""
    is_shown = (label.pattern, label.subject) in shown
    if is_shown:
        (score.right if label.is_there else score.wrong).append(label)
    if label.is_there and label.judged == _BEFORE:
        (score.found if is_shown else score.missed).append(label)


def shown_in(folder: Path) -> set[tuple[str, str]]:
    """Return the patterns and subjects that are shown of a folder. Raises NoProject."""
    files = {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and (path.suffix == ".rs" or path.name == MANIFEST)
    }
    if not files:
        raise NoProject(f"There is no code in {folder}.")
    return {(each.pattern, each.subject) for each in detect(structure_of_files(files))}


def main() -> None:
    """Compare and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    arguments = parser.parse_args()
    scores: dict[str, Score] = defaultdict(Score)
    by_source: dict[str, list[Label]] = defaultdict(list)
    for label in labels():
        by_source[label.source].append(label)
    for source, here in sorted(by_source.items()):
        try:
            shown = shown_in(arguments.folder / source)
        except NoProject:
            print(f"{source} is left out: it is not in {arguments.folder}.", flush=True)
            continue
        for label in here:
            add(label, shown, scores[label.part])
            add(label, shown, scores[label.pattern])
    for name, score in sorted(scores.items()):
        print(f"{name:24} {score}")
    for part in ("tuned", "held"):
        for label in scores[part].wrong:
            print(f"{part}, wrong:  {label.source} {label.pattern} {label.subject}")
        for label in scores[part].missed:
            print(f"{part}, missed: {label.source} {label.pattern} {label.subject}")


def _share(part: int, whole: int) -> str:
    return f"{part:3} of {whole:3}" + (f" ({part / whole:.0%})" if whole else "")


if __name__ == "__main__":
    main()
