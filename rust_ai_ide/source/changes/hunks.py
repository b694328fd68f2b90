"""The lines that changed: hunks of one file, or of all files of a comparison in one pass."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from rust_ai_ide.source.changes.files import ALGORITHM, ChangedFile, changed_files, diff_tree_options
from rust_ai_ide.source.git.blobs import read_blob
from rust_ai_ide.source.git.command import MEGABYTE
from rust_ai_ide.source.git.errors import GitFailed
from rust_ai_ide.source.git.repository import Repository, object_name

LARGEST_SIDE = 20 * MEGABYTE
_HEADER = re.compile(rb"@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@ ?(.*)", re.DOTALL)
# git's own pattern for Rust; blobs have no file name by which git would pick it.
_RUST_HEADINGS = (
    r"diff.default.xfuncname=^[	 ]*((pub(\([^)]+\))?[	 ]+)?"
    r"((async|const|unsafe|extern([	 ]+\"[^\"]+\"))[	 ]+)?"
    r"(struct|enum|union|mod|trait|fn|impl|macro_rules!)[< 	]+[^;]*)$"
)


@dataclass(frozen=True, slots=True)
class DiffLine:
    """One line of a hunk. `kind` is " ", "+" or "-"; a line has a number on each side that holds it.

    `text` is without the line end; `ends` is False for a last line that has none.
    """

    kind: str
    old_line: int | None
    new_line: int | None
    text: bytes
    ends: bool = True


@dataclass(frozen=True, slots=True)
class Hunk:
    """A run of changed lines with its surroundings; `heading` is the item it lies in, as git sees it."""

    old_start: int
    old_count: int
    new_start: int
    new_count: int
    heading: str
    lines: tuple[DiffLine, ...]


def diff_hunks(
    repository: Repository, file: ChangedFile, *, context: int = 3, ignore_space: bool = False
) -> tuple[Hunk, ...]:
    """Return the hunks of one changed file, none for binary files and submodules."""
    if file.is_binary or file.is_submodule or file.old_blob == file.new_blob:
        return ()
    if file.old_blob is None or file.new_blob is None:
        return _one_sided(repository, file)
    options = ["-c", _RUST_HEADINGS, "diff", "--no-ext-diff", "--no-textconv", "--no-color", ALGORITHM]
    options += ["--indent-heuristic", f"--unified={context:d}", "--inter-hunk-context=0"]
    options += ["--ignore-all-space"] if ignore_space else []
    output = repository.run(
        [*options, object_name(file.old_blob), object_name(file.new_blob)],
        "compare two files",
        accept=(0, 1),
    )
    return tuple(_hunks(iter(_lines(output))))


def hunks_of_all(
    repository: Repository, base_tree: str, head_tree: str, *, context: int = 3, ignore_space: bool = False
) -> Iterator[tuple[ChangedFile, tuple[Hunk, ...]]]:
    """Yield every changed file with its hunks, from one git process for all of them."""
    files = changed_files(repository, base_tree, head_tree)
    options = ["-c", _RUST_HEADINGS, *diff_tree_options(), "--patch", f"--unified={context:d}"]
    options += ["--inter-hunk-context=0", *(["--ignore-all-space"] if ignore_space else [])]
    options.remove("-z")
    output = repository.run(
        [*options, object_name(base_tree), object_name(head_tree)], "compare two versions", timeout=120
    )
    # With --ignore-all-space a file that differs in nothing else has no patch, so files are told by name.
    patches: dict[tuple[bytes, bytes], list[bytes]] = {}
    current: list[bytes] = []
    for line in _lines(output):
        if line.startswith(b"diff --git "):
            current = []
        elif line.startswith(b"index ") and b".." in line:
            old, _, new = line.split()[1].partition(b"..")
            patches.setdefault((old, new), current)
        current.append(line)
    for file in files:
        if file.is_submodule or file.is_binary or file.status == "T":
            yield file, ()
            continue
        nothing = b"0" * len(object_name(base_tree))
        key = ((file.old_blob or "").encode() or nothing, (file.new_blob or "").encode() or nothing)
        yield file, tuple(_hunks(iter(patches.get(key, ()))))


def changed_lines(repository: Repository, file: ChangedFile) -> tuple[range, ...]:
    """Return the ranges of new lines (from 1) that were added or changed."""
    return new_side_ranges(diff_hunks(repository, file, context=0))


def changed_lines_of_all(
    repository: Repository, base_tree: str, head_tree: str
) -> dict[str, tuple[range, ...]]:
    """Return the changed ranges of new lines by new path, for every file that still exists."""
    return {
        file.new_path: new_side_ranges(hunks)
        for file, hunks in hunks_of_all(repository, base_tree, head_tree, context=0)
        if file.new_path is not None
    }


def new_side_ranges(hunks: tuple[Hunk, ...]) -> tuple[range, ...]:
    """Return the ranges of added lines in hunks, neighbours joined."""
    ranges: list[range] = []
    for hunk in hunks:
        for line in hunk.lines:
            if line.kind != "+" or line.new_line is None:
                continue
            if ranges and ranges[-1].stop == line.new_line:
                ranges[-1] = range(ranges[-1].start, line.new_line + 1)
            else:
                ranges.append(range(line.new_line, line.new_line + 1))
    return tuple(ranges)


def _one_sided(repository: Repository, file: ChangedFile) -> tuple[Hunk, ...]:
    name = file.new_blob or file.old_blob
    assert name is not None
    content = read_blob(repository, name, LARGEST_SIDE)
    if not content:
        return ()
    texts, ends = _lines(content), content.endswith(b"\n")
    count, is_new = len(texts), file.new_blob is not None
    lines = tuple(
        DiffLine(
            "+" if is_new else "-",
            None if is_new else number,
            number if is_new else None,
            text,
            ends or number < count,
        )
        for number, text in enumerate(texts, 1)
    )
    return (Hunk(0, 0, 1, count, "", lines) if is_new else Hunk(1, count, 0, 0, "", lines),)


def _lines(content: bytes) -> list[bytes]:
    # Not splitlines(), which also breaks at carriage returns and form feeds.
    lines = content.split(b"\n")
    if not lines[-1]:
        lines.pop()
    return lines


@dataclass(slots=True)
class _Building:
    old_start: int
    old_count: int
    new_start: int
    new_count: int
    heading: str
    lines: list[DiffLine] = field(default_factory=list)

    def finished(self) -> Hunk:
        return Hunk(
            self.old_start, self.old_count, self.new_start, self.new_count, self.heading, tuple(self.lines)
        )


def _hunks(lines: Iterator[bytes]) -> Iterator[Hunk]:
    building: _Building | None = None
    old = new = 0
    for line in lines:
        header = _HEADER.fullmatch(line) if line.startswith(b"@@") else None
        if header:
            if building:
                yield building.finished()
            old, new = int(header[1]), int(header[3])
            counts = int(header[2] or 1), int(header[4] or 1)
            building = _Building(old, counts[0], new, counts[1], header[5].decode("utf-8", "replace").strip())
            continue
        if building is None:
            continue  # The file names above the first hunk, known already.
        kind, text = line[:1], line[1:]
        if kind == b"\\":
            last = building.lines[-1]
            building.lines[-1] = DiffLine(last.kind, last.old_line, last.new_line, last.text, ends=False)
        elif kind == b" ":
            building.lines.append(DiffLine(" ", old, new, text))
            old, new = old + 1, new + 1
        elif kind == b"+":
            building.lines.append(DiffLine("+", None, new, text))
            new += 1
        elif kind == b"-":
            building.lines.append(DiffLine("-", old, None, text))
            old += 1
        else:
            raise GitFailed("git gave a comparison in an unknown form.")
    if building:
        yield building.finished()
