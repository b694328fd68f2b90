"""What the code browser shows of folders, files and search hits, as plain values for the templates."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from apps.common.code_lines import CodeLines, plain_html
from apps.projects.analysis import COLOUR_LIMIT, highlight_of, outline_of, project_config, workshop
from apps.projects.places import Place, addressed
from rust_ai_ide.review.config import ConfigInvalid
from rust_ai_ide.review.contained import review_tree
from rust_ai_ide.review.findings import Finding
from rust_ai_ide.review.reviewing import FileReview
from rust_ai_ide.source.git import SearchResult, TooLarge, TreeEntry, list_folder, read_blobs
from rust_ai_ide.source.syntax.languages import language_of
from rust_ai_ide.source.syntax.outline import OutlineItem

LINES_SHOWN = 10_000
LINES_PER_BLOCK = 200
READ_LIMIT = 20_000_000


@dataclass(frozen=True)
class FolderRow:
    """One entry of a folder."""

    name: str
    path: str
    url: str
    icon: str
    size: int | None
    is_folder: bool
    remark: str = ""
    children: "list[FolderRow] | None" = None


def folder_rows(place: Place, folder: str) -> list[FolderRow]:
    """List a folder, folders first."""
    assert place.tree is not None
    return [_row(place, entry) for entry in list_folder(place.repository, place.tree, folder)]


def _row(place: Place, entry: TreeEntry) -> FolderRow:
    path = addressed(entry.path)
    remark = "submodule" if entry.is_submodule else "symbolic link" if entry.is_link else ""
    return FolderRow(
        addressed(entry.name),
        path,
        "" if entry.is_submodule else place.url(entry.path),
        "folder" if entry.is_folder else "link" if remark else "file",
        entry.size,
        entry.is_folder,
        remark,
    )


def tree_around(place: Place, path: str) -> list[FolderRow]:
    """List the top folder with every folder above `path` opened."""
    rows = folder_rows(place, "")
    level = rows
    for depth, part in enumerate(path.split("/")[:-1], start=1):
        at = next(
            (index for index, row in enumerate(level) if row.is_folder and row.name == addressed(part)), None
        )
        if at is None:
            break
        children = folder_rows(place, "/".join(path.split("/")[:depth]))
        level[at] = replace(level[at], children=children)
        level = children
    return rows


def crumbs_of(place: Place, path: str) -> list[dict[str, str]]:
    """Return the breadcrumb of a path: each folder with its address."""
    parts = path.split("/")
    crumbs = [{"label": part, "url": place.url("/".join(parts[: n + 1]))} for n, part in enumerate(parts)]
    crumbs[-1].pop("url")
    return crumbs


@dataclass(frozen=True)
class CodeRow:
    """One line of a file, with the findings at it."""

    number: int
    html: SafeString
    findings: list[Finding]


@dataclass(frozen=True)
class FilePage:
    """A file as the page shows it. `note` says why there are no lines, or not all of them."""

    size: int
    line_count: int = 0
    blocks: list[list[CodeRow]] = field(default_factory=list)
    outline: tuple[OutlineItem, ...] = ()
    findings: list[Finding] = field(default_factory=list)
    notes: tuple[str, ...] = ()
    link_target: str = ""


def read_file(place: Place, entry: TreeEntry) -> FilePage:
    """Read one file for showing; one too large, binary or a link says so instead."""
    if entry.is_submodule:
        return FilePage(
            0, notes=("This is a submodule: another repository, pinned at " + entry.blob[:10] + ".",)
        )
    ((_, content),) = read_blobs(place.repository, [entry.blob], limit=READ_LIMIT)
    if isinstance(content, TooLarge):
        return FilePage(content.size, notes=("This file is too large to show (20 MB at most).",))
    if entry.is_link:
        return FilePage(len(content), link_target=addressed(content.decode("utf-8", "surrogateescape")))
    if b"\0" in content[:8000]:
        return FilePage(len(content), notes=("This is a binary file, so it is not shown.",))
    return _text_page(place, entry.path, content)


def _text_page(place: Place, path: str, content: bytes) -> FilePage:
    notes: list[str] = []
    lines = CodeLines(content, highlight_of(path, content))
    shown = min(len(lines), LINES_SHOWN)
    if shown < len(lines):
        notes.append(f"The first {shown:,} of {len(lines):,} lines are shown.")
    if len(content) > COLOUR_LIMIT:
        notes.append("Files over 2 MB are shown without colour and findings.")
    findings: tuple[Finding, ...] = ()
    if language_of(path) == "rust" and len(content) <= COLOUR_LIMIT:
        review = _review(place, path)
        findings = review.findings
        notes += review.notes
    by_line: dict[int, list[Finding]] = {}
    for finding in findings:
        by_line.setdefault(finding.start_line, []).append(finding)
    rows = [CodeRow(n, lines.html(n), by_line.get(n, [])) for n in range(1, shown + 1)]
    blocks = [rows[at : at + LINES_PER_BLOCK] for at in range(0, len(rows), LINES_PER_BLOCK)]
    return FilePage(
        len(content),
        len(lines),
        blocks,
        outline_of(path, content),
        list(findings),
        tuple(dict.fromkeys(notes)),
    )


def _review(place: Place, path: str) -> FileReview:
    assert place.tree is not None
    try:
        config = project_config(place.repository, place.tree)
    except ConfigInvalid as error:
        return FileReview(path, 0, (), (str(error),))
    (review,) = review_tree(place.repository, place.tree, {path}.__contains__, config, workshop())
    return review


@dataclass(frozen=True)
class Hit:
    """One line that a search found."""

    number: int
    url: str
    html: SafeString


def hits_of(
    place: Place, result: SearchResult, query: str, *, regex: bool
) -> list[tuple[str, str, list[Hit]]]:
    """Group the hits by file: path, its address, and the lines with the match marked."""
    files: dict[str, list[Hit]] = {}
    pattern = _marking(query, regex)
    for match in result.matches:
        html = _marked(match.text, pattern)
        files.setdefault(match.path, []).append(
            Hit(match.line, f"{place.url(match.path)}#L{match.line}", html)
        )
    return [(addressed(path), place.url(path), hits) for path, hits in files.items()]


def _marking(query: str, regex: bool) -> re.Pattern[str]:
    # git's expressions are not Python's; where they differ, lines are shown without marks.
    return re.compile(re.escape(query), re.IGNORECASE) if not regex else re.compile("(?!)")


def _marked(text: str, pattern: re.Pattern[str]) -> SafeString:
    return format_html_join("", "{}", ((part,) for part in _parts(text.strip(), pattern)))


def _parts(text: str, pattern: re.Pattern[str]) -> Iterator[SafeString]:
    at = 0
    for found in pattern.finditer(text):
        yield plain_html(text[at : found.start()])
        yield format_html("<mark>{}</mark>", plain_html(found[0]))
        at = found.end()
    yield plain_html(text[at:])
