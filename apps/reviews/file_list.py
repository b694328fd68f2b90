"""Draws the tree of changed files beside a diff. It may have thousands of rows, so each is few elements."""

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from apps.reviews.diff_page import FileEntry
from rust_ai_ide.observability.printable import printable


def draw_list(entries: list[FileEntry]) -> SafeString:
    """Draw the list. Counts are attributes that the style sheet shows and a label says."""
    rows: list[str] = []
    folder = None
    for position, entry in enumerate(entries):
        own = entry.path.rpartition("/")[0]
        if own != folder:
            folder = own
            rows.append(f'<li class="folder">{_text(own) or "/"}</li>')
        rows.append(_row(position, entry))
    return mark_safe("".join(rows))  # noqa: S308 - every part is escaped or a number


def _row(position: int, entry: FileEntry) -> str:
    added, removed = entry.file.added or 0, entry.file.removed or 0
    said = [f"{_text(entry.path)}, {added} added, {removed} removed"]
    attributes = [f'href="#file-{entry.index}" data-file="{entry.index}" data-at="{position}"']
    if added:
        attributes.append(f'data-added="+{added}"')
    if removed:
        attributes.append(f'data-removed="−{removed}"')
    if entry.viewed:
        attributes.append('class="viewed"')
    flag = ""
    if entry.notes:
        attributes.append(f'data-notes="{entry.notes}"')
        said.append(f", {entry.notes} finding{'' if entry.notes == 1 else 's'} or threads")
        flag = f"<b>▲{entry.notes}</b>"
    return f'<li><a {" ".join(attributes)} aria-label="{"".join(said)}">{flag}{_text(entry.name)}</a></li>'


def _text(text: str) -> str:
    return escape(printable(text))
