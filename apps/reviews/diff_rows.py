"""Draws a file's change as table rows, unified or side by side. Rows are strings, for they are many."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from apps.common.code_lines import CodeLines
from apps.reviews.diff_page import FileDiff
from apps.reviews.models import ReviewFinding, Side, Thread
from rust_ai_ide.observability.printable import printable
from rust_ai_ide.source.changes import DiffLine, Hunk, pair_lines, word_changes

ROWS_PER_CHUNK = 120
ROWS_AT_ONCE = 3000
EXPAND = 20
MOST_MARKED = 0.6
_END = '<span class="eof" title="There is no line break at the end of the file"> ⏎̸</span>'


@dataclass(frozen=True)
class Rows:
    """Some of a diff's rows, in chunks, and from which row on there are more."""

    chunks: list[SafeString]
    more_from: int | None


def draw(diff: FileDiff, *, split: bool, start: int = 0) -> Rows:
    """Draw the rows from `start` on, at most `ROWS_AT_ONCE`."""
    rows = [row for row in _rows(diff, split) if row]
    some = rows[start : start + ROWS_AT_ONCE]
    chunks = [
        mark_safe("".join(some[at : at + ROWS_PER_CHUNK]))  # noqa: S308 - rows are built from escaped parts
        for at in range(0, len(some), ROWS_PER_CHUNK)
    ]
    end = start + len(some)
    return Rows(chunks, end if end < len(rows) else None)


def draw_context(diff: FileDiff, *, old: int, new: int, count: int, split: bool) -> SafeString:
    """Draw `count` unchanged lines from the given line numbers on."""
    count = max(0, min(count, len(diff.new) - new + 1, len(diff.old) - old + 1))
    notes = _Notes(diff)
    row = _split_row if split else _unified_row
    lines = (DiffLine(" ", old + n, new + n, b"") for n in range(count))
    return mark_safe(  # noqa: S308 - rows are built from escaped parts
        "".join(row(diff, line, line, (), ()) + notes.below(line, line, split) for line in lines)
    )


def _rows(diff: FileDiff, split: bool) -> Iterator[str]:
    notes = _Notes(diff)
    old, new = 1, 1
    for hunk in diff.hunks:
        if diff.entry.file.old_blob and diff.entry.file.new_blob:
            yield _gap(old, new, _first(hunk.new_start, hunk.new_count) - new, hunk.heading, split)
        yield from _hunk_rows(diff, hunk, notes, split)
        old = _first(hunk.old_start, hunk.old_count) + hunk.old_count
        new = _first(hunk.new_start, hunk.new_count) + hunk.new_count
    if diff.hunks and diff.entry.file.old_blob and diff.entry.file.new_blob:
        yield _gap(old, new, len(diff.new) - new + 1, "", split)
    yield from notes.left_over(split)


def _first(start: int, count: int) -> int:
    # git names the line before an empty side.
    return start if count else start + 1


def _hunk_rows(diff: FileDiff, hunk: Hunk, notes: "_Notes", split: bool) -> Iterator[str]:
    for changed, group in groupby(hunk.lines, key=lambda line: line.kind != " "):
        lines = list(group)
        if not changed:
            for line in lines:
                yield (_split_row if split else _unified_row)(diff, line, line, (), ())
                yield notes.below(line, line, split)
            continue
        removed = [line for line in lines if line.kind == "-"]
        added = [line for line in lines if line.kind == "+"]
        pairs = pair_lines([_text(line) for line in removed], [_text(line) for line in added])
        yield from (_side_by_side if split else _stacked)(diff, removed, added, pairs, notes)


Pairs = list[tuple[int | None, int | None]]


def _stacked(
    diff: FileDiff, removed: list[DiffLine], added: list[DiffLine], pairs: Pairs, notes: "_Notes"
) -> Iterator[str]:
    old_marks: dict[int, list[range]] = {}
    new_marks: dict[int, list[range]] = {}
    for old, new in pairs:
        if old is not None and new is not None:
            old_marks[old], new_marks[new] = _changed_words(removed[old], added[new])
    for at, line in enumerate(removed):
        yield _unified_row(diff, line, None, old_marks.get(at, ()), ())
        yield notes.below(line, None, False)
    for at, line in enumerate(added):
        yield _unified_row(diff, None, line, (), new_marks.get(at, ()))
        yield notes.below(None, line, False)


def _side_by_side(
    diff: FileDiff, removed: list[DiffLine], added: list[DiffLine], pairs: Pairs, notes: "_Notes"
) -> Iterator[str]:
    for old, new in pairs:
        left = removed[old] if old is not None else None
        right = added[new] if new is not None else None
        marks: tuple[Iterable[range], Iterable[range]] = ((), ())
        if left and right:
            marks = _changed_words(left, right)
        yield _split_row(diff, left, right, *marks)
        yield notes.below(left, right, True)


def _changed_words(old: DiffLine, new: DiffLine) -> tuple[list[range], list[range]]:
    """Return the words that differ; of two lines that have little in common, none, for then all is new."""
    before, after = _text(old), _text(new)
    marks = word_changes(before, after)
    marked = sum(map(len, marks[0])) + sum(map(len, marks[1]))
    return marks if marked < MOST_MARKED * (len(before.strip()) + len(after.strip())) else ([], [])


def _text(line: DiffLine) -> str:
    return line.text.decode("utf-8", "replace")


def _unified_row(
    diff: FileDiff,
    old: DiffLine | None,
    new: DiffLine | None,
    old_marks: Iterable[range],
    new_marks: Iterable[range],
) -> str:
    kind = "" if old and new else " del" if old else " add"
    old_number = f' data-n="{old.old_line}"' if old else ""
    new_number = f' data-n="{new.new_line}"' if new else ""
    if new:
        assert new.new_line is not None
        code = _code(diff.new, new.new_line, new_marks, new.ends)
    else:
        assert old is not None
        assert old.old_line is not None
        code = _code(diff.old, old.old_line, old_marks, old.ends)
    return (
        f'<tr><td class="num{kind}"{old_number}></td><td class="num{kind}"{new_number}></td>'
        f'<td class="src{kind}">{code}</td></tr>\n'
    )


def _split_row(
    diff: FileDiff,
    old: DiffLine | None,
    new: DiffLine | None,
    old_marks: Iterable[range],
    new_marks: Iterable[range],
) -> str:
    same = old is new
    left = _cells(diff.old, old, old and old.old_line, old_marks, "" if same else " del", " split-left")
    right = _cells(diff.new, new, new and new.new_line, new_marks, "" if same else " add", "")
    return f"<tr>{left}{right}</tr>\n"


def _cells(
    code: CodeLines, line: DiffLine | None, number: int | None, marks: Iterable[range], kind: str, edge: str
) -> str:
    if line is None or number is None:
        return f'<td class="num none"></td><td class="src none{edge}"></td>'
    return (
        f'<td class="num{kind}" data-n="{number}"></td>'
        f'<td class="src{kind}{edge}">{_code(code, number, marks, line.ends)}</td>'
    )


def _code(code: CodeLines, number: int, marks: Iterable[range], ends: bool) -> str:
    return code.html(number, tuple(marks)) + ("" if ends else _END)


def _gap(old: int, new: int, count: int, heading: str, split: bool) -> str:
    if count <= 0 and not heading:
        return ""
    button = '<button type="button" data-expand="{}" title="{}">{}</button>'
    buttons = ""
    if count > EXPAND:
        buttons += button.format("down", f"Show {EXPAND} more lines below", f"↓ {EXPAND}")
        buttons += button.format("up", f"Show {EXPAND} more lines above", f"↑ {EXPAND}")
    if count > 0:
        buttons += button.format("all", "Show all lines between", f"{count} line{'' if count == 1 else 's'}")
    return format_html(
        '<tr class="gap" data-old="{}" data-new="{}" data-count="{}"><td colspan="{}"><div class="gap-tools">{}'
        '<span class="heading">{}</span></div></td></tr>\n',
        old,
        new,
        max(0, count),
        4 if split else 3,
        mark_safe(buttons),  # noqa: S308 - made of numbers
        printable(heading),
    )


class _Notes:
    """The findings and threads of a file, handed out as rows below the lines they belong to."""

    def __init__(self, diff: FileDiff) -> None:
        self.diff = diff
        self.findings = {
            line: list(group)
            for line, group in groupby(
                sorted(diff.findings, key=lambda f: f.start_line), key=lambda f: f.start_line
            )
        }
        self.threads: dict[tuple[str, int], list[object]] = {}
        for thread in diff.threads:
            self.threads.setdefault((thread.side, thread.line), []).append(thread)

    def below(self, old: DiffLine | None, new: DiffLine | None, split: bool) -> str:
        findings = self.findings.pop(new.new_line, []) if new and new.new_line else []
        threads = self.threads.pop((Side.NEW, new.new_line), []) if new and new.new_line else []
        if old and old.old_line:
            threads = self.threads.pop((Side.OLD, old.old_line), []) + threads
        return self._row(findings, threads, split)

    def left_over(self, split: bool) -> Iterator[str]:
        """Yield what belongs to lines that this diff does not show; nothing said may be lost."""
        findings = [finding for group in self.findings.values() for finding in group]
        threads = [thread for group in self.threads.values() for thread in group]
        yield self._row(findings, threads, split, elsewhere=True)

    def _row(
        self, findings: list[ReviewFinding], threads: list[Thread], split: bool, *, elsewhere: bool = False
    ) -> str:
        if not findings and not threads:
            return ""
        context = {
            "findings": findings,
            "threads": threads,
            "columns": 4 if split else 3,
            "review": self.diff.review,
            "elsewhere": elsewhere,
        }
        return render_to_string("reviews/note_row.html", context)
