"""Markdown: a report by file, fit for a pull request or a wiki."""

import re
from collections.abc import Sequence
from itertools import groupby

from rust_ai_ide.observability.printable import printable
from rust_ai_ide.review.findings import Finding
from rust_ai_ide.review.formats.as_text import summary

_MARKUP = re.compile(r"([\\*_{}\[\]<>()#+!|~@])")


def to_markdown(findings: Sequence[Finding], files: int, lines: int) -> str:
    """Return the findings as a report."""
    parts = ["# Review", "", summary(findings, files, lines)]
    for path, of_file in groupby(findings, key=lambda finding: finding.path):
        parts += ["", f"## {_plain(path)}", "", *findings_table(list(of_file))]
    return "\n".join(parts) + "\n"


def findings_table(findings: Sequence[Finding], *, with_paths: bool = False) -> list[str]:
    """Return the lines of a table of findings, those of one file or with the path of each."""
    head = "| File | Line |" if with_paths else "| Line |"
    rule = "|---|---:|" if with_paths else "|---:|"
    rows = [f"{head} Severity | Rule | Finding |", f"{rule}---|---|---|"]
    for finding in findings:
        path = f"| {_plain(finding.path)} " if with_paths else ""
        said = f"{inline(finding.message)}. {inline(finding.suggestion)}".strip()
        rows.append(f"{path}| {finding.start_line} | {finding.severity} | `{finding.rule}` | {said} |")
    return rows


def _plain(text: str) -> str:
    """Return text that Markdown shows as it is."""
    return _MARKUP.sub(r"\\\1", printable(text).replace("`", "'"))


def inline(text: str) -> str:
    """Return a message of ours: its code spans stay, everything else is plain."""
    pieces = printable(text).split("`")
    if len(pieces) % 2 == 0:
        return _plain(text)
    return "`".join(
        piece.replace("|", "\\|") if number % 2 else _MARKUP.sub(r"\\\1", piece)
        for number, piece in enumerate(pieces)
    )
