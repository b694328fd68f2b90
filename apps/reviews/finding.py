"""Runs the engine over what a review compares."""

from dataclasses import dataclass, replace

from apps.projects.analysis import project_config, workshop
from apps.projects.services import repository_of
from apps.reviews.models import Review
from rust_ai_ide.observability.events import Progressed, Report
from rust_ai_ide.review.config import ReviewConfig
from rust_ai_ide.review.contained import review_tree
from rust_ai_ide.review.findings import Finding, Severity
from rust_ai_ide.review.score import quality_score
from rust_ai_ide.source.changes import changed_lines_of_all
from rust_ai_ide.source.git import Repository


@dataclass(frozen=True)
class Result:
    """What a review found."""

    findings: list[Finding]
    notes: list[str]
    score: float


def find(review: Review, report: Report) -> Result:
    """Judge the files of a review; of a change, only the lines that it touches."""
    repository = repository_of(review.project)
    config = config_of(repository, review)
    report(Progressed("Comparing the two versions" if review.is_change else "Listing the files"))
    changed = (
        changed_lines_of_all(repository, review.base_tree, review.head_tree) if review.is_change else None
    )
    wanted = set(review.paths)

    def selected(path: str) -> bool:
        return (not wanted or path in wanted) and (changed is None or path in changed)

    findings: list[Finding] = []
    notes: list[str] = []
    lines = 0
    for file in review_tree(repository, review.head_tree, selected, config, workshop(), report, changed):
        findings += file.findings
        notes += [f"{file.path}: {note}" for note in file.notes]
        lines += file.lines
    return Result(findings, notes[:100], quality_score(findings, lines))


def config_of(repository: Repository, review: Review) -> ReviewConfig:
    """Read the configuration from the base, so that a change cannot switch off what judges it.

    What is not committed yet is the user's own and is judged as the user has it.
    """
    own = review.kind in (Review.Kind.STAGED, Review.Kind.WORK_TREE) or not review.is_change
    config = project_config(repository, review.head_tree if own else review.base_tree)
    severity = review.options.get("severity")
    return replace(config, severity_threshold=Severity(severity)) if severity else config
