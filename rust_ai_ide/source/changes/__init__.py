"""What differs between two trees: files, lines and words."""

from rust_ai_ide.source.changes.files import ChangedFile, changed_files
from rust_ai_ide.source.changes.hunks import (
    DiffLine,
    Hunk,
    changed_lines,
    changed_lines_of_all,
    diff_hunks,
    hunks_of_all,
    new_side_ranges,
)
from rust_ai_ide.source.changes.words import pair_lines, word_changes

__all__ = [
    "ChangedFile",
    "DiffLine",
    "Hunk",
    "changed_files",
    "changed_lines",
    "changed_lines_of_all",
    "diff_hunks",
    "hunks_of_all",
    "new_side_ranges",
    "pair_lines",
    "word_changes",
]
