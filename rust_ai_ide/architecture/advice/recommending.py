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
from rust_ai_ide.architecture.folder import NoRules, rules_of_folder, structure_of_folder
from rust_ai_ide.architecture.metrics.project import measure_project, measure_tree
from rust_ai_ide.architecture.metrics.spaces import Mode
from rust_ai_ide.architecture.rules import Rules
from rust_ai_ide.architecture.settings import RulesInvalid, rules_from_toml
from rust_ai_ide.architecture.sources import build_structure
from rust_ai_ide.observability.events import Report, ignore
from rust_ai_ide.source.folders import SETTINGS_FILE
from rust_ai_ide.source.git import (
    GitError,
    OutputTooLarge,
    PathNotFound,
    Repository,
    entry_at,
    open_repository,
    read_blob,
)
from rust_ai_ide.source.git.churn import changes_by_file
from rust_ai_ide.source.isolation import IsolatedWorker
from rust_ai_ide.source.store import FactStore

Adviser = Callable[[Surroundings, Asked], Iterable[Recommendation]]
ADVISERS: tuple[Adviser, ...] = (
    advise_on_cycles,
    advise_on_patterns,
    advise_on_layers,
    advise_on_dependencies,
    advise_on_code,
)
_SHORT_MONTHS = 3
_LARGEST_SETTINGS = 1024 * 1024
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
    return Surroundings(structure, measured, rules, _changes(project))


def surroundings_of_tree(
    repository: Repository,
    tree: str,
    commit: str | None,
    store: FactStore,
    worker: IsolatedWorker,
    report: Report = ignore,
) -> Surroundings:
    """Read the same of a tree, whose files are parsed in children of `worker`; changes are those before `commit`.

    Rules that are not understood count as there.
    """
    structure = build_structure(repository, tree, store, report, worker)
    paths = {node.place.file for node in structure.model.modules if node.place}
    measured = tuple(measure_tree(repository, tree, paths, worker, report))
    changes = changes_by_file(repository, commit) if commit else {}
    return Surroundings(structure, measured, _rules_of_tree(repository, tree), changes)


def _rules_of_tree(repository: Repository, tree: str) -> Rules | None:
    try:
        content = read_blob(repository, entry_at(repository, tree, SETTINGS_FILE).blob, _LARGEST_SETTINGS)
    except PathNotFound:
        return None
    except OutputTooLarge:
        return Rules()
    try:
        rules = rules_from_toml(content.decode("utf-8", "replace"))
    except RulesInvalid:
        return Rules()
    return None if rules.is_empty else rules


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
