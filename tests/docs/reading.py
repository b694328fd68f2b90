"""Reading the documentation as tests need it: pages, code spans, tables and code blocks."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"


def page(name: str) -> str:
    """Return the text of a page of `docs`."""
    return (DOCS / name).read_text(encoding="utf-8")


def pages() -> list[Path]:
    """Return every page of the documentation."""
    listed = [*DOCS.rglob("*.md"), *(ROOT / "docker").glob("*.md"), *ROOT.glob("*.md")]
    return sorted(listed)


def rows(text: str) -> list[list[str]]:
    """Return the cells of every row of every table, without the heads' rules."""
    found = []
    for line in text.splitlines():
        if line.startswith("|") and not re.fullmatch(r"[|:\- ]+", line):
            found.append([cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]])
    return found


def row_of(text: str, name: str) -> list[str] | None:
    """Return the row of a table whose first cell begins with `name` as a code span."""
    return next((cells for cells in rows(text) if re.match(rf"`{re.escape(name)}[` ]", cells[0])), None)


def spans(text: str) -> list[str]:
    """Return the code spans of a text."""
    return [found[2].strip() for found in re.finditer(r"(`+)(.+?)(?<!`)\1(?!`)", text)]


def blocks(text: str, language: str) -> list[str]:
    """Return the code blocks of a language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
