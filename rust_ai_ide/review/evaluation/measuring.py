"""Compares the rules with the labels of Clippy's fixtures, lint by lint.

Clippy's default groups are active in every fixture, so there a finding on a line without a label is wrong; those of
other groups count only in files that switch them on. A lint is judged by the fixtures of `ui`, and only where there are
none for it by those of `ui-toml`, where each folder has settings of its own.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from rust_ai_ide.errors import RustAiIdeError
from rust_ai_ide.observability.events import Progressed, Report, ignore
from rust_ai_ide.review.engine import examine
from rust_ai_ide.review.evaluation.labels import Fixture, read_fixture
from rust_ai_ide.review.evaluation.lints import SYNTAX_LINTS
from rust_ai_ide.review.rules import every_rule

_DEFAULT = "clippy::all"
_FOLDERS = ("ui", "ui-toml")
_HELPERS = "auxiliary"
"""The folder of crates that fixtures use, which have no labels."""


class FixturesUnusable(RustAiIdeError):
    """There are no labelled fixtures where they were said to be."""


@dataclass(frozen=True, order=True)
class Place:
    """A line of a fixture, from 1."""

    path: str
    line: int


@dataclass
class LintFigures:
    """How a rule compares with the lint of its name. `right` are labelled lines that it found."""

    lint: str
    labelled: int = 0
    right: int = 0
    wrong: int = 0
    missed_at: list[Place] = field(default_factory=list)
    wrong_at: list[Place] = field(default_factory=list)

    @property
    def recall(self) -> float:
        """Return the share of the labels that were found, 1.0 where there are none."""
        return self.right / self.labelled if self.labelled else 1.0

    @property
    def precision(self) -> float:
        """Return the share of what was found that is labelled, 1.0 where nothing was found."""
        found = self.right + self.wrong
        return self.right / found if found else 1.0


def measure_review(folder: Path, report: Report = ignore) -> list[LintFigures]:
    """Return the figures of every rule that has the name of a Clippy lint, by name, and of the known lints besides.

    `folder` is a checkout of Clippy, or its `tests`. Raises FixturesUnusable.
    """
    root = next((place for place in (folder / "tests", folder) if _has_fixtures(place / "ui")), None)
    if root is None:
        raise FixturesUnusable(f"{folder} holds no fixtures of Clippy; give a checkout of its repository.")
    groups = {
        rule.id: rule.lints
        for rule in every_rule()
        if any(lint.startswith("clippy::") for lint in rule.lints)
    }
    wanted = groups.keys() | SYNTAX_LINTS
    first, second = (_measured(root / name, groups, wanted, report) for name in _FOLDERS)
    return [first[lint] if first[lint].labelled else second[lint] for lint in sorted(wanted)]


def together(figures: Iterable[LintFigures]) -> LintFigures:
    """Return the sum of several."""
    total = LintFigures("together")
    for each in figures:
        total.labelled += each.labelled
        total.right += each.right
        total.wrong += each.wrong
    return total


def _measured(
    folder: Path, groups: dict[str, frozenset[str]], wanted: Iterable[str], report: Report
) -> dict[str, LintFigures]:
    figures = {name: LintFigures(name) for name in wanted}
    paths = sorted(path for path in folder.rglob("*.rs") if _HELPERS not in path.parts)
    for number, path in enumerate(paths):
        report(Progressed("Comparing with Clippy's fixtures", number, len(paths)))
        _compare(read_fixture(path), path.relative_to(folder).as_posix(), groups, figures)
    return figures


def _has_fixtures(folder: Path) -> bool:
    return any(b"//~" in path.read_bytes() for path in sorted(folder.glob("*.rs"))[:50])


def _compare(
    fixture: Fixture, name: str, groups: dict[str, frozenset[str]], figures: dict[str, LintFigures]
) -> None:
    found = Counter(
        (fact.start_line, fact.rule)
        for fact in examine(fixture.source).facts
        # A fixture is the root of a crate, so no rule has a say about the name of its file.
        if not fact.detail
    )
    known: Sequence[tuple[int, str]] = sorted(found.keys() | fixture.labels.keys())
    for line, lint in known:
        if lint not in figures:
            continue
        labelled, reported = fixture.labels[line, lint], found[line, lint]
        if not labelled and not _is_active(groups.get(lint, frozenset()), lint, fixture.active):
            continue
        each, right = figures[lint], min(labelled, reported)
        each.labelled += labelled
        each.right += right
        each.wrong += reported - right
        each.missed_at += [Place(name, line)] * (labelled - right)
        each.wrong_at += [Place(name, line)] * (reported - right)


def _is_active(groups: frozenset[str], lint: str, active: frozenset[str]) -> bool:
    return (
        _DEFAULT in groups
        or lint in active
        or any(group.removeprefix("clippy::") in active for group in groups)
    )
