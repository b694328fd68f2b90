"""What the diff page shows: the changed files with their counts, and one file's rows at a time."""

from dataclasses import dataclass, field
from functools import lru_cache

from apps.common.code_lines import CodeLines
from apps.projects.analysis import highlight_of
from apps.projects.models import Project
from apps.projects.places import addressed
from apps.projects.services import repository_of
from apps.reviews import selectors
from apps.reviews.models import Review, ReviewFinding, Thread
from rust_ai_ide.errors import RustAiIdeError
from rust_ai_ide.source.changes import ChangedFile, Hunk, changed_files, diff_hunks
from rust_ai_ide.source.git import Repository, TooLarge, read_blobs

LINES_UNASKED = 1500
"""A file with more changed lines is loaded on request only."""
LINES_INLINE = 600
FILES_INLINE = 6
READ_LIMIT = 20_000_000
STATUS_WORDS = {
    "A": "added",
    "D": "deleted",
    "M": "modified",
    "R": "renamed",
    "C": "copied",
    "T": "type changed",
}


class NoSuchFile(RustAiIdeError):
    """The review has no file by this number."""

    status = 404


@dataclass
class FileEntry:
    """One changed file as the tree and its header show it."""

    index: int
    file: ChangedFile
    path: str
    old_path: str
    status: str
    contents: str
    findings: int = 0
    threads: int = 0
    viewed: bool = False
    inline: "FileDiff | None" = None

    @property
    def name(self) -> str:
        """Return the path without its folder."""
        return self.path.rpartition("/")[2]

    @property
    def notes(self) -> int:
        """Count what is said about it."""
        return self.findings + self.threads

    @property
    def is_large(self) -> bool:
        """Tell whether the diff is loaded only on request."""
        return (self.file.added or 0) + (self.file.removed or 0) > LINES_UNASKED

    @property
    def estimate(self) -> int:
        """Return roughly how many rows its diff has, so that the page can keep room for it."""
        lines = (self.file.added or 0) + (self.file.removed or 0)
        return min(lines + 12, 400) if lines <= LINES_UNASKED else 3


@dataclass(frozen=True)
class FileDiff:
    """One file's change: its hunks, and both versions ready to be drawn line by line."""

    review: Review
    entry: FileEntry
    hunks: tuple[Hunk, ...]
    old: CodeLines
    new: CodeLines
    remark: str = ""
    findings: list[ReviewFinding] = field(default_factory=list)
    threads: list[Thread] = field(default_factory=list)


@lru_cache(maxsize=32)
def _changed(project_id: int, base_tree: str, head_tree: str) -> tuple[ChangedFile, ...]:
    # Trees never change, so neither does what they differ in.
    return changed_files(repository_of(Project.objects.get(pk=project_id)), base_tree, head_tree)


def changed_entries(review: Review) -> list[FileEntry]:
    """Return the changed files by folder and name, with counts and marks."""
    findings, threads = selectors.counts_by_path(review)
    viewed = selectors.viewed_contents(review.project_id)
    entries = [_entry(index, file) for index, file in enumerate(_changed_files(review))]
    for entry in entries:
        entry.findings, entry.threads = findings[entry.path], threads[entry.path]
        entry.viewed = (entry.path, entry.contents) in viewed
    entries.sort(key=lambda entry: entry.path.rpartition("/")[::2])
    return entries


def entry_of(review: Review, index: int) -> FileEntry:
    """Return one changed file by its number."""
    files = _changed_files(review)
    if index >= len(files):
        raise NoSuchFile("This review has no such file.")
    return _entry(index, files[index])


def _changed_files(review: Review) -> tuple[ChangedFile, ...]:
    return _changed(review.project_id, review.base_tree, review.head_tree)


def _entry(index: int, file: ChangedFile) -> FileEntry:
    return FileEntry(
        index,
        file,
        addressed(file.path),
        addressed(file.old_path) if file.old_path and file.old_path != file.path else "",
        STATUS_WORDS.get(file.status[:1], "changed"),
        f"{file.old_blob or ''}:{file.new_blob or ''}",
    )


def add_first_diffs(review: Review, entries: list[FileEntry], *, ignore_space: bool) -> None:
    """Load the first files' diffs, so that the page comes with something to read."""
    lines = 0
    for entry in entries[:FILES_INLINE]:
        lines += (entry.file.added or 0) + (entry.file.removed or 0)
        if lines > LINES_INLINE or entry.viewed:
            break
        entry.inline = file_diff(review, entry, ignore_space=ignore_space)


def file_diff(review: Review, entry: FileEntry, *, ignore_space: bool = False) -> FileDiff:
    """Load one file's change with its findings and threads."""
    repository = repository_of(review.project)
    empty = CodeLines(b"", None)
    remark = _remark(entry.file)
    if remark:
        return FileDiff(review, entry, (), empty, empty, remark)
    hunks = diff_hunks(repository, entry.file, ignore_space=ignore_space)
    old, new = _versions(repository, entry.file)
    if not hunks:
        remark = "Only white space differs." if ignore_space else "The content is the same."
    return FileDiff(
        review,
        entry,
        hunks,
        old,
        new,
        remark,
        selectors.findings_of(review, entry.path),
        selectors.threads_of(review, entry.path),
    )


def _remark(file: ChangedFile) -> str:
    if file.is_submodule:
        old, new = (file.old_blob or "nothing")[:10], (file.new_blob or "nothing")[:10]
        return f"A submodule: from {old} to {new}."
    if file.is_binary:
        return "A binary file, so its lines are not shown."
    if file.old_blob == file.new_blob:
        return "Only its name or mode changed."
    return ""


def _versions(repository: Repository, file: ChangedFile) -> tuple[CodeLines, CodeLines]:
    names = [blob for blob in (file.old_blob, file.new_blob) if blob]
    found = dict(read_blobs(repository, names, limit=READ_LIMIT))
    old, new = (_code(file.old_path, file.old_blob, found), _code(file.new_path, file.new_blob, found))
    return old, new


def _code(path: str | None, blob: str | None, found: dict[str, bytes | TooLarge]) -> CodeLines:
    content = found.get(blob or "", b"")
    if path is None or isinstance(content, TooLarge):
        return CodeLines(b"", None)
    return CodeLines(content, highlight_of(path, content))
