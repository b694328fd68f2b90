"""What is measured of the files of a project: changes, findings, complexity and lines."""

from collections.abc import Collection

from apps.projects.analysis import child, project_config, store, workshop
from rust_ai_ide.architecture.file_measures import measure_files
from rust_ai_ide.errors import RustAiIdeError
from rust_ai_ide.observability.events import Cancelled, Report, Warned
from rust_ai_ide.review.contained import review_tree
from rust_ai_ide.source.git import Repository
from rust_ai_ide.source.git.churn import changes_by_file

CHANGES, FINDINGS, COMPLEXITY, LINES = "changes", "findings", "complexity", "lines"

Measures = dict[str, dict[str, int]]
"""The figures of files by measure and path."""


def measured(
    repository: Repository, tree: str, commit: str | None, paths: Collection[str], report: Report
) -> Measures:
    """Measure those files of a tree that have these paths. What cannot be measured is left out, with a warning."""
    sizes = measure_files(repository, tree, paths, store(), child(), report)
    found = {
        LINES: {path: one.lines for path, one in sizes.items()},
        COMPLEXITY: {path: one.complexity for path, one in sizes.items() if one.complexity is not None},
    }
    try:
        changes = changes_by_file(repository, commit) if commit else {}
        found[CHANGES] = {path: changes.get(path, 0) for path in sizes}
    except Cancelled:
        raise
    except RustAiIdeError as error:
        report(Warned(f"The changes of files could not be counted: {error}"))
    try:
        found[FINDINGS] = _findings(repository, tree, sizes.keys(), report)
    except Cancelled:
        raise
    except RustAiIdeError as error:
        report(Warned(f"Findings could not be counted: {error}"))
    return found


def _findings(repository: Repository, tree: str, paths: Collection[str], report: Report) -> dict[str, int]:
    """Count the findings of a review of these files. What a review judged before is not judged again."""
    config = project_config(repository, tree)
    reviews = review_tree(repository, tree, lambda path: path in paths, config, workshop(), report)
    return {one.path: len(one.findings) for one in reviews if one.is_reviewed}
