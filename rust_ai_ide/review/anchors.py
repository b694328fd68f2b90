"""Where findings stand in a change, as GitHub and GitLab want their remarks: pure functions of findings and diff.

Both refuse a remark on a line that the diff does not show, so each finding is anchored to those of its lines that one
hunk holds; a finding without any is for the summary.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rust_ai_ide.review.findings import Edit, Finding
from rust_ai_ide.source.changes import ChangedFile, DiffLine, Hunk

Diff = Mapping[str, tuple[ChangedFile, tuple[Hunk, ...]]]
"""Changed files with their hunks, by new path."""


@dataclass(frozen=True, slots=True)
class Anchor:
    """The lines of the new side, from `first` to `last`, that a finding has in one hunk; `old_*` where they are old."""

    file: ChangedFile
    first: DiffLine
    last: DiffLine


@dataclass(frozen=True, slots=True)
class Anchored:
    """A finding with its place in a change; `replacement` are the whole lines that its fix makes of the anchor's."""

    finding: Finding
    anchor: Anchor
    replacement: str | None


def anchored(findings: Iterable[Finding], diff: Diff) -> tuple[list[Anchored], list[Finding]]:
    """Return the findings that have a place in the diff, and those that have none."""
    placed, others = [], []
    for finding in findings:
        file, hunks = diff.get(finding.path, (None, ()))
        wanted = _lines_of(finding)
        shown = next((lines for hunk in hunks if (lines := _within(hunk, wanted))), None)
        if file is None or shown is None:
            others.append(finding)
            continue
        whole = [line.new_line for line in shown] == list(wanted)
        text = _replaced(shown, finding.fix) if whole and finding.fix else None
        placed.append(Anchored(finding, Anchor(file, shown[0], shown[-1]), text))
    return placed, others


def github_comment(one: Anchored, body: str) -> dict[str, Any]:
    """Return a comment of GitHub's "create a review" call."""
    first, last = one.anchor.first.new_line, one.anchor.last.new_line
    comment: dict[str, Any] = {"path": one.finding.path, "body": body, "line": last, "side": "RIGHT"}
    if first != last:
        comment |= {"start_line": first, "start_side": "RIGHT"}
    return comment


def gitlab_position(anchor: Anchor, base: str, start: str, head: str) -> dict[str, Any]:
    """Return the `position` of a GitLab discussion: of an added line its new number, of an unchanged one both.

    `base`, `start` and `head` are the commits of the version of the merge request's diff.
    """
    line, file = anchor.last, anchor.file
    position: dict[str, Any] = {
        "position_type": "text",
        "base_sha": base,
        "start_sha": start,
        "head_sha": head,
        "old_path": file.old_path or file.new_path,
        "new_path": file.new_path or file.old_path,
        "new_line": line.new_line,
    }
    if line.kind == " ":
        position["old_line"] = line.old_line
    return position


def _lines_of(finding: Finding) -> range:
    """Return the lines that a finding and its fix are about."""
    first = min([finding.start_line, *(edit.start_line for edit in finding.fix)])
    return range(first, max([finding.end_line, *(edit.end_line for edit in finding.fix)]) + 1)


def _within(hunk: Hunk, wanted: range) -> list[DiffLine]:
    return [line for line in hunk.lines if line.new_line is not None and line.new_line in wanted]


def _replaced(lines: Sequence[DiffLine], edits: Sequence[Edit]) -> str:
    """Return what the edits make of whole lines."""
    numbers = [line.new_line or 0 for line in lines]
    texts = [line.text.decode(errors="replace").rstrip("\r") for line in lines]
    text = "\n".join(texts)
    starts = [0]
    for one in texts:
        starts.append(starts[-1] + len(one) + 1)

    def at(line: int, column: int) -> int:
        return starts[numbers.index(line)] + column - 1

    for edit in sorted(edits, key=lambda edit: (edit.start_line, edit.start_column), reverse=True):
        start, end = at(edit.start_line, edit.start_column), at(edit.end_line, edit.end_column)
        text = text[:start] + edit.text + text[end:]
    return text
