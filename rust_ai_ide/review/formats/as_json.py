"""JSON: a list of findings, as docs/review-json.md describes it."""

import json
from collections.abc import Sequence
from dataclasses import asdict

from rust_ai_ide.review.findings import Finding


def to_json(findings: Sequence[Finding]) -> str:
    """Return the findings as a JSON list. Only ASCII leaves, so nothing in it can steer a terminal."""
    return json.dumps([asdict(finding) for finding in findings], indent=2) + "\n"
