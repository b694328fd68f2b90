"""Asks all advisers about a project, and puts what they say in order."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

from rust_ai_ide.architecture.advice.anti_patterns import advise_on_patterns
from rust_ai_ide.architecture.advice.code import advise_on_code
from rust_ai_ide.architecture.advice.cycles import advise_on_cycles
from rust_ai_ide.architecture.advice.dependencies import advise_on_dependencies
from rust_ai_ide.architecture.advice.layers import advise_on_layers
from rust_ai_ide.architecture.advice.model import Asked, Level, Recommendation, Surroundings
from rust_ai_ide.architecture.decisions.records import records_of
from rust_ai_ide.architecture.folder import NoRules, rules_of_folder, structure_of_folder
from rust_ai_ide.architecture.metrics.project import measure_project
from rust_ai_ide.architecture.metrics.spaces import Mode
from rust_ai_ide.observability.events import Report, ignore
from rust_ai_ide.source.git import GitError, open_repository
from rust_ai_ide.source.git.churn import changes_by_file

Adviser = Callable[[Surroundings, Asked], Iterable[Recommendation]]
ADVISERS: tuple[Adviser, ...] = (
    advise_on_cycles,
    advise_on_patterns,
    advise_on_layers,
    advise_on_dependencies,
    advise_on_code,
)
_SHORT_MONTHS = 3
_ORDER = {Level.LOW: 0, Level.MEDIUM: 1, Level.HIGH: 2}


def get_architecture_recommendations(
    project: Path, asked: Asked | None = None, report: Report = ignore
) -> tuple[Recommendation, ...]:
    """Return what to do about the architecture of a folder, what serves most of the goals first.

    Raises NoProject where there is no package.
    """
    return recommend(surroundings_of(project, report), asked or Asked())


def surroundings_of(project: Path, report: Report = ignore) -> Surroundings:
    """Read all that advisers look at."""
    structure = structure_of_folder(project, report)
    measured = tuple(measure_project(project, Mode.CORRECTED, report))
    try:
        rules = rules_of_folder(project)
    except NoRules:
        rules = None
    return Surroundings(structure, measured, rules, records_of(project), _changes(project))


def recommend(around: Surroundings, asked: Asked) -> tuple[Recommendation, ...]:
    """Return all recommendations, what serves most of the goals first, then the surest and the easiest.

    In less than three months, what takes much effort is a high risk.
    """
    found = [_in_time(one, asked) for adviser in ADVISERS for one in adviser(around, asked)]
    wanted = set(asked.goals)
    return tuple(
        sorted(
            found,
            key=lambda one: (
                -len(wanted.intersection(one.goals)),
                -one.confidence,
                _ORDER[one.effort],
                one.title,
            ),
        )
    )


def _in_time(one: Recommendation, asked: Asked) -> Recommendation:
    if asked.months is None or asked.months >= _SHORT_MONTHS or one.effort is not Level.HIGH:
        return one
    because = f"{one.because} And {asked.months:.1f} months are short for it."
    return replace(one, risk=Level.HIGH, because=because)


def _changes(project: Path) -> dict[str, int]:
    """Return how often commits changed each file, by its path in the folder; nothing where there is no history."""
    try:
        repository = open_repository(project)
        if repository.work_tree is None:
            return {}
        inside = project.resolve().relative_to(repository.work_tree.resolve()).as_posix()
        changes = changes_by_file(repository, "HEAD")
    except GitError:
        return {}
    prefix = "" if inside == "." else f"{inside}/"
    return {path.removeprefix(prefix): count for path, count in changes.items() if path.startswith(prefix)}
