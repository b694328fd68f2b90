"""Checkstyle's XML, which build servers have read for twenty years."""

from collections.abc import Sequence
from itertools import groupby
from xml.sax.saxutils import quoteattr

from rust_ai_ide.observability.printable import printable
from rust_ai_ide.review.findings import Finding, Severity

_SEVERITIES = {
    Severity.INFO: "info",
    Severity.WARNING: "warning",
    Severity.ERROR: "error",
    Severity.CRITICAL: "error",
}


def to_checkstyle(findings: Sequence[Finding]) -> str:
    """Return the findings as a report."""
    parts = ['<?xml version="1.0" encoding="UTF-8"?>', '<checkstyle version="4.3">']
    for path, of_file in groupby(findings, key=lambda finding: finding.path):
        parts.append(f"  <file name={quoteattr(printable(path))}>")
        parts += [f"    {_error(finding)}" for finding in of_file]
        parts.append("  </file>")
    return "\n".join([*parts, "</checkstyle>"]) + "\n"


def _error(finding: Finding) -> str:
    said = printable(f"{finding.message}. {finding.suggestion}".strip())
    return (
        f'<error line="{finding.start_line}" column="{finding.start_column}" '
        f'severity="{_SEVERITIES[finding.severity]}" message={quoteattr(said)} '
        f'source="rust-ai-ide.{finding.rule}"/>'
    )
