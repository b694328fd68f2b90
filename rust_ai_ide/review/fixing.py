"""Applies the fixes of findings to a source text."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from rust_ai_ide.errors import RustAiIdeError
from rust_ai_ide.review.findings import Edit, Finding


class NotFixed(RustAiIdeError):
    """A file could not be mended; it is as it was."""


@dataclass(frozen=True, slots=True)
class Fixed:
    """A source text with fixes in it, and the findings that were fixed; the rest overlapped with those."""

    source: bytes
    findings: tuple[Finding, ...]


def fixed(source: bytes, findings: Iterable[Finding]) -> Fixed:
    """Apply the fixes of the findings of one file, the first of those that touch the same text."""
    lines = source.split(b"\n")
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line) + 1)
    edits: list[tuple[int, int, bytes]] = []
    taken = []
    for finding in findings:
        wanted = [_place(edit, lines, starts) for edit in finding.fix]
        if wanted and not any(_touch(one, other) for one in wanted for other in edits):
            edits += wanted
            taken.append(finding)
    for start, end, text in sorted(edits, reverse=True):
        source = source[:start] + text + source[end:]
    return Fixed(source, tuple(taken))


def fix_file(path: Path, findings: Iterable[Finding]) -> int:
    """Mend a file in place, as a whole or not at all; return how many findings were. Raises NotFixed."""
    try:
        source = path.read_bytes()
        result = fixed(source, findings)
        if _is_broken(result.source) and not _is_broken(source):
            raise NotFixed(f"{path} would no longer parse, so it was left as it is.")
        waiting = path.with_name(f".{path.name}.fixed")
        waiting.write_bytes(result.source)
        waiting.chmod(path.stat().st_mode & 0o7777)
        waiting.replace(path)
    except OSError as error:
        raise NotFixed(f"{path} cannot be mended: {error.strerror}.") from error
    return len(result.findings)


def _is_broken(source: bytes) -> bool:
    # Imported late: a review of what is stored does not need the parser.
    from rust_ai_ide.source.syntax.parsing import parse_rust

    return parse_rust(source).root_node.has_error


def _place(edit: Edit, lines: list[bytes], starts: list[int]) -> tuple[int, int, bytes]:
    def at(line: int, column: int) -> int:
        text = lines[line - 1].decode(errors="surrogateescape")
        return starts[line - 1] + len(text[: column - 1].encode(errors="surrogateescape"))

    return at(edit.start_line, edit.start_column), at(edit.end_line, edit.end_column), edit.text.encode()


def _touch(one: tuple[int, int, bytes], other: tuple[int, int, bytes]) -> bool:
    return one[0] <= other[1] and other[0] <= one[1]
