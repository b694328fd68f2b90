"""What the findings of a review are written as."""

from collections.abc import Sequence
from enum import StrEnum
from pathlib import PurePath
from typing import TYPE_CHECKING

from rust_ai_ide.review.findings import Finding

if TYPE_CHECKING:
    from rust_ai_ide.review.anchors import Diff


class Format(StrEnum):
    """The output formats."""

    TEXT = "text"
    JSON = "json"
    MARKDOWN = "markdown"
    SARIF = "sarif"
    GITHUB = "github"
    GITHUB_PR = "github-pr"
    GITLAB = "gitlab"
    RDJSON = "rdjson"
    CHECKSTYLE = "checkstyle"


_SUFFIXES = {
    ".json": Format.JSON,
    ".md": Format.MARKDOWN,
    ".markdown": Format.MARKDOWN,
    ".sarif": Format.SARIF,
    ".xml": Format.CHECKSTYLE,
}


def format_of(file_name: str) -> Format:
    """Return the format that the suffix of an output file asks for; text where it asks for none."""
    return _SUFFIXES.get(PurePath(file_name).suffix.lower(), Format.TEXT)


def render(
    form: Format,
    findings: Sequence[Finding],
    files: int,
    lines: int,
    colour: bool = False,
    diff: "Diff | None" = None,
) -> str:
    """Return the findings of a review of so many files and lines in a format; `diff` is the change they are about."""
    if form is Format.JSON:
        from rust_ai_ide.review.formats.as_json import to_json

        return to_json(findings)
    if form is Format.MARKDOWN:
        from rust_ai_ide.review.formats.as_markdown import to_markdown

        return to_markdown(findings, files, lines)
    if form is Format.SARIF:
        from rust_ai_ide.review.formats.as_sarif import to_sarif

        return to_sarif(findings)
    if form is Format.GITHUB:
        from rust_ai_ide.review.formats.as_github import to_github

        return to_github(findings, files, lines)
    if form is Format.GITHUB_PR:
        from rust_ai_ide.review.formats.as_github_pr import to_github_pr

        return to_github_pr(findings, files, lines, diff or {})
    if form is Format.GITLAB:
        from rust_ai_ide.review.formats.as_gitlab import to_gitlab

        return to_gitlab(findings)
    if form is Format.RDJSON:
        from rust_ai_ide.review.formats.as_rdjson import to_rdjson

        return to_rdjson(findings)
    if form is Format.CHECKSTYLE:
        from rust_ai_ide.review.formats.as_checkstyle import to_checkstyle

        return to_checkstyle(findings)
    from rust_ai_ide.review.formats.as_text import to_text

    return to_text(findings, files, lines, colour)
