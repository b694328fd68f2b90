"""Text for people at a terminal: a line for each finding and one that sums up."""

from collections import Counter
from collections.abc import Sequence

from rust_ai_ide.observability.printable import printable
from rust_ai_ide.review.findings import Finding, Severity
from rust_ai_ide.review.score import quality_score

_COLOURS = {Severity.INFO: "36", Severity.WARNING: "33", Severity.ERROR: "31", Severity.CRITICAL: "1;31"}


def to_text(findings: Sequence[Finding], files: int, lines: int, colour: bool = False) -> str:
    """Return the findings as text; what comes from outside cannot steer the terminal."""
    parts = [_line(finding, colour) for finding in findings]
    if parts:
        parts.append("")
    parts.append(summary(findings, files, lines))
    return "\n".join(parts) + "\n"


def summary(findings: Sequence[Finding], files: int, lines: int) -> str:
    """Return one sentence about a whole review."""
    seen = f"{files:,} {'file' if files == 1 else 'files'}"
    if not findings:
        return f"Nothing to report in {seen}."
    counts = Counter(finding.severity for finding in findings)
    grades = ", ".join(f"{counts[grade]:,} {grade}" for grade in reversed(Severity) if counts[grade])
    number = f"{len(findings):,} {'finding' if len(findings) == 1 else 'findings'}"
    return f"{number} ({grades}) in {seen}; quality {quality_score(findings, lines):.2f}."


def _line(finding: Finding, colour: bool) -> str:
    grade = f"{finding.severity}"
    if colour:
        grade = f"\x1b[{_COLOURS[finding.severity]}m{grade}\x1b[0m"
    place = f"{printable(finding.path)}:{finding.start_line}:{finding.start_column}"
    advice = f" {printable(finding.suggestion)}" if finding.suggestion else ""
    return f"{place}: {grade}: {printable(finding.message)}.{advice} [{finding.rule}]"
