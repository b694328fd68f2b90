"""What the findings of a review are written as."""

from collections.abc import Sequence
from enum import StrEnum
from pathlib import PurePath

from rust_ai_ide.review.findings import Finding


class Format(StrEnum):
    """The output formats."""

    TEXT = "text"
    JSON = "json"
    MARKDOWN = "markdown"
    SARIF = "sarif"


_SUFFIXES = {
    ".json": Format.JSON,
    ".md": Format.MARKDOWN,
    ".markdown": Format.MARKDOWN,
    ".sarif": Format.SARIF,
}


def format_of(file_name: str) -> Format:
    """Return the format that the suffix of an output file asks for; text where it asks for none."""
    return _SUFFIXES.get(PurePath(file_name).suffix.lower(), Format.TEXT)


def render(form: Format, findings: Sequence[Finding], files: int, lines: int, colour: bool = False) -> str:
    """Return the findings of a review of so many files and lines in a format."""
    if form is Format.JSON:
        from rust_ai_ide.review.formats.as_json import to_json

        return to_json(findings)
    if form is Format.MARKDOWN:
        from rust_ai_ide.review.formats.as_markdown import to_markdown

        return to_markdown(findings, files, lines)
    if form is Format.SARIF:
        from rust_ai_ide.review.formats.as_sarif import to_sarif

        return to_sarif(findings)
    from rust_ai_ide.review.formats.as_text import to_text

    return to_text(findings, files, lines, colour)
