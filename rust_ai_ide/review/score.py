"""One number for the state of a file or a project."""

from collections.abc import Iterable

from rust_ai_ide.review.findings import Finding, Severity

WEIGHTS = {Severity.INFO: 0.1, Severity.WARNING: 1.0, Severity.ERROR: 4.0, Severity.CRITICAL: 10.0}
_PER_LINES = 100


def quality_score(findings: Iterable[Finding], lines: int) -> float:
    """Return a score between 0 and 1, where 1 means nothing was found.

    Each finding weighs by its severity (info 0.1, warning 1, error 4, critical 10) times its confidence.
    With w as the weight per hundred lines the score is 1 / (1 + w): one certain warning in a hundred
    lines gives 0.5. Files under a hundred lines count as a hundred.
    """
    weight = sum(map(finding_weight, findings))
    return 1 / (1 + weight * _PER_LINES / max(lines, _PER_LINES))


def finding_weight(finding: Finding) -> float:
    """Return what one finding weighs."""
    return WEIGHTS[finding.severity] * finding.confidence
