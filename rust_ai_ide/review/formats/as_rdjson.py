"""Reviewdog's diagnostic format, which many hosts' bots read."""

import json
from collections.abc import Sequence
from typing import Any

from rust_ai_ide.review.findings import Edit, Finding, Severity

_SEVERITIES = {
    Severity.INFO: "INFO",
    Severity.WARNING: "WARNING",
    Severity.ERROR: "ERROR",
    Severity.CRITICAL: "ERROR",
}


def to_rdjson(findings: Sequence[Finding]) -> str:
    """Return the findings as one result."""
    return (
        json.dumps(
            {"source": {"name": "rust-ai-ide"}, "diagnostics": [_diagnostic(one) for one in findings]},
            indent=2,
        )
        + "\n"
    )


def _diagnostic(finding: Finding) -> dict[str, Any]:
    diagnostic: dict[str, Any] = {
        "message": f"{finding.message}. {finding.suggestion}".strip(),
        "location": {"path": finding.path, "range": _range(finding)},
        "severity": _SEVERITIES[finding.severity],
        "code": {"value": finding.rule},
    }
    if finding.fix:
        diagnostic["suggestions"] = [{"range": _range(edit), "text": edit.text} for edit in finding.fix]
    return diagnostic


def _range(place: Finding | Edit) -> dict[str, dict[str, int]]:
    return {
        "start": {"line": place.start_line, "column": place.start_column},
        "end": {"line": place.end_line, "column": place.end_column},
    }
