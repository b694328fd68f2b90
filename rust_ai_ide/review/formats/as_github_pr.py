"""A review of a pull request as GitHub's "create a review" call takes it: remarks on lines, the rest in its text."""

import json
from collections.abc import Sequence
from typing import Any

from rust_ai_ide.observability.markdown import markdown_message
from rust_ai_ide.review.anchors import Anchored, Diff, anchored, github_comment
from rust_ai_ide.review.findings import Finding
from rust_ai_ide.review.formats.as_markdown import findings_table
from rust_ai_ide.review.formats.as_text import summary


def to_github_pr(findings: Sequence[Finding], files: int, lines: int, diff: Diff) -> str:
    """Return the body of the call as JSON."""
    return json.dumps(github_review(findings, files, lines, diff), indent=2) + "\n"


def github_review(findings: Sequence[Finding], files: int, lines: int, diff: Diff) -> dict[str, Any]:
    """Return the body of the call."""
    placed, others = anchored(findings, diff)
    parts = [summary(findings, files, lines)]
    if others:
        parts += ["", "Outside of what this change shows:", "", *findings_table(others, with_paths=True)]
    return {
        "event": "COMMENT",
        "body": "\n".join(parts),
        "comments": [github_comment(one, _body(one)) for one in placed],
    }


def _body(one: Anchored) -> str:
    finding = one.finding
    said = f"**{finding.severity}** {markdown_message(finding.message)}. {markdown_message(finding.suggestion)}".strip()
    parts = [f"{said} `{finding.rule}`"]
    if one.replacement is not None:
        fence = "`" * max(3, 1 + _longest_run(one.replacement))
        parts += ["", f"{fence}suggestion", one.replacement, fence]
    return "\n".join(parts)


def _longest_run(text: str) -> int:
    """Return how many backticks stand in a row at most."""
    longest = run = 0
    for character in text:
        run = run + 1 if character == "`" else 0
        longest = max(longest, run)
    return longest
