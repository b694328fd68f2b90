"""Markdown: a report by file, fit for a pull request or a wiki."""

from collections.abc import Sequence
from itertools import groupby

from rust_ai_ide.observability.markdown import markdown_message, markdown_text
from rust_ai_ide.review.findings import Finding
from rust_ai_ide.review.formats.as_text import summary


def to_markdown(findings: Sequence[Finding], files: int, lines: int) -> str:
    """Return the findings as a report."""
    parts = ["# Review", "", summary(findings, files, lines)]
    for path, of_file in groupby(findings, key=lambda finding: finding.path):
        parts += ["", f"## {markdown_text(path)}", "", *findings_table(list(of_file))]
    return "\n".join(parts) + "\n"


def findings_table(findings: Sequence[Finding], *, with_paths: bool = False) -> list[str]:
    """Return the lines of a table of findings, those of one file or with the path of each."""
    head = "| File | Line |" if with_paths else "| Line |"
    rule = "|---|---:|" if with_paths else "|---:|"
    rows = [f"{head} Severity | Rule | Finding |", f"{rule}---|---|---|"]
    for finding in findings:
        path = f"| {markdown_text(finding.path)} " if with_paths else ""
        said = f"{markdown_message(finding.message)}. {markdown_message(finding.suggestion)}".strip()
        rows.append(f"{path}| {finding.start_line} | {finding.severity} | `{finding.rule}` | {said} |")
    return rows
