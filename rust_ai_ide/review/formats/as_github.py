"""GitHub's workflow commands, by which a job annotates lines. Ten of a level are shown, so the worst go first."""

from collections import Counter
from collections.abc import Sequence

from rust_ai_ide.observability.printable import printable
from rust_ai_ide.review.findings import Finding, Severity
from rust_ai_ide.review.formats.as_text import summary

MOST_SHOWN = 10
_LEVELS = {
    Severity.INFO: "notice",
    Severity.WARNING: "warning",
    Severity.ERROR: "error",
    Severity.CRITICAL: "error",
}


def to_github(findings: Sequence[Finding], files: int, lines: int) -> str:
    """Return the worst findings of each level as commands, and a sentence about all; the rest is for the summary."""
    shown: Counter[str] = Counter()
    written = []
    for finding in sorted(findings, key=lambda one: (-one.severity.rank, -one.confidence)):
        level = _LEVELS[finding.severity]
        shown[level] += 1
        if shown[level] <= MOST_SHOWN:
            written.append(_command(level, finding))
    return "\n".join([*written, summary(findings, files, lines)]) + "\n"


def _command(level: str, finding: Finding) -> str:
    said = f"{finding.message}. {finding.suggestion}".strip()
    place = (
        f"file={_property(finding.path)},line={finding.start_line},endLine={finding.end_line},"
        f"title={_property(finding.rule)}"
    )
    return f"::{level} {place}::{_data(printable(said))}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(printable(text)).replace(":", "%3A").replace(",", "%2C")
