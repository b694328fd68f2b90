"""Judges all Rust of a project and counts what was found."""

from collections import Counter
from dataclasses import replace
from typing import Any

from apps.projects.analysis import project_config, workshop
from apps.projects.models import Project
from apps.projects.places import place_of
from rust_ai_ide.observability.events import Progressed, Report
from rust_ai_ide.review.contained import review_tree
from rust_ai_ide.review.findings import Severity

WORST_FILES = 8


def count_findings(project: Project, report: Report) -> dict[str, Any]:
    """Return counts of files, lines and findings at warning or above, with the files that have most of them."""
    place = place_of(project, now=True)
    if place.tree is None:
        return {"files": 0, "lines": 0, "findings": {}, "worst": []}
    report(Progressed("Listing the files"))
    severities: Counter[str] = Counter()
    by_file: Counter[str] = Counter()
    files = lines = 0
    config = replace(project_config(place.repository, place.tree), severity_threshold=Severity.WARNING)
    for review in review_tree(place.repository, place.tree, _every, config, workshop(), report):
        severities.update(finding.severity for finding in review.findings)
        by_file[review.path] = len(review.findings)
        files += 1
        lines += review.lines
    return {
        "files": files,
        "lines": lines,
        "findings": {severity: severities[severity] for severity in Severity if severities[severity]},
        "worst": [[path, count] for path, count in by_file.most_common(WORST_FILES) if count],
    }


def _every(path: str) -> bool:
    return True
