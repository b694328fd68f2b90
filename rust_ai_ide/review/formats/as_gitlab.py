"""GitLab's Code Quality report: a list that its merge requests show beside the changed lines."""

import json
from collections.abc import Sequence
from hashlib import blake2b

from rust_ai_ide.review.findings import Finding, Severity

_SEVERITIES = {
    Severity.INFO: "info",
    Severity.WARNING: "minor",
    Severity.ERROR: "major",
    Severity.CRITICAL: "critical",
}


def to_gitlab(findings: Sequence[Finding]) -> str:
    """Return the findings as a report. GitLab drops equal fingerprints, and ours are unique within a file alone."""
    return json.dumps([_row(finding) for finding in findings], indent=2) + "\n"


def _row(finding: Finding) -> dict[str, object]:
    said = f"{finding.message}. {finding.suggestion}".strip()
    identity = f"{finding.path}\0{finding.fingerprint}".encode(errors="surrogateescape")
    return {
        "description": said,
        "check_name": finding.rule,
        "fingerprint": blake2b(identity, digest_size=20).hexdigest(),
        "severity": _SEVERITIES[finding.severity],
        "location": {
            "path": finding.path,
            "lines": {"begin": finding.start_line, "end": finding.end_line},
        },
    }
