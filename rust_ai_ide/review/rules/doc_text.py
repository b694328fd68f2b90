"""Finds the paragraphs of documentation comments, with what Markdown makes of them taken out."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

_LINES = re.compile(rb"//(?:/(?!/)|!)[^\n]*(?:\n[ \t]*//[^\n]*)*")
_BLOCK = re.compile(rb"/\*(?:\*(?![*/])|!)")
_BY_ATTRIBUTE = re.compile(rb"\bdoc\s*=[^\n]*\n\Z")
_NEAR = 200
_CODE = re.compile(rb"`[^`\n]*`")
_FENCED = re.compile(rb"```[^`]*```")
_NAME = re.compile(rb"_|::|\(\)|`|https?:|[A-Z][^\sA-Z]*[A-Z]")
_LINE = re.compile(rb"^[ \t]*//(?:/(?!/)|!)([^\n]*)", re.MULTILINE)
_STAR = re.compile(rb"[ \t]*\*(?!\*)")
_FENCE = re.compile(rb"[ \t]*(?:[-*+][ \t]+|\d+[.)][ \t]+)?(`{3,}|~{3,})([^\n]*)")
_ITEM = re.compile(rb"[ \t]*(?:[-*+]|\d+[.)])[ \t]")
_MARKERS = frozenset(bytes([one]) for one in b"-*+0123456789")
_DEFINITION = re.compile(rb"[ \t]*\[(?!\^)([^\]]+)\]:[ \t]*(\S*)")
_HTML = re.compile(rb"[ \t]*<(?:blockquote|q|pre|table|div|details|p|img|script|style)\b", re.IGNORECASE)
_INDENTED = re.compile(rb"(?: {5,}|[ ]?\t)")


@dataclass
class Paragraph:
    """Lines that belong together: their offsets in the file, and their text."""

    lines: list[tuple[int, bytes]] = field(default_factory=list)

    def joined(self) -> tuple[bytes, list[tuple[int, int]]]:
        """Return the text, and for each line where it begins in the text and in the file."""
        starts, at = [], 0
        for offset, text in self.lines:
            starts.append((at, offset))
            at += len(text) + 1
        return b"\n".join(text for _, text in self.lines), starts


@dataclass
class Documentation:
    """A documentation comment: its paragraphs without code, and the references that lead out of the crate."""

    paragraphs: list[Paragraph] = field(default_factory=list)
    external: set[bytes] = field(default_factory=set)


@lru_cache(maxsize=1)
def documented_lines(source: bytes) -> tuple[tuple[int, int], ...]:
    """Return where comments begin and end that have lines of their own and begin with a line of documentation."""
    spans, at = [], 0
    while block := _LINES.search(source, at):
        line = source.rfind(b"\n", 0, block.start()) + 1
        if source[line : block.start()].strip(b" \t"):
            at = source.find(b"\n", block.start()) + 1 or len(source)
            continue
        at = block.end()
        spans.append((line, at))
    return tuple(spans)


def documentation(source: bytes) -> Iterator[Documentation]:
    """Yield the documentation comments of a file, but for those where nothing looks like a name of code."""
    for start, end in documented_lines(source):
        if not _may_have_names(source[start:end]):
            continue
        if _BY_ATTRIBUTE.search(source, max(0, start - _NEAR), start):
            continue  # it goes on from `#[doc = "…"]`, which may have begun code
        yield _read([(line.start(1), line[1]) for line in _LINE.finditer(source, start, end)])
    at = source.find(b"/*")
    while at >= 0 and (end := source.find(b"*/", at + 2)) >= 0:
        begun = _BLOCK.match(source, at, end + 1)
        if begun and _may_have_names(source[begun.end() : end]):
            yield _read(list(_of_block(source[begun.end() : end], begun.end())))
        at = source.find(b"/*", end + 2)


def _may_have_names(comment: bytes) -> bool:
    """Look at a comment as a whole, as most have names of code in backticks only."""
    if b"```" in comment:
        comment = _FENCED.sub(b"", comment)
    return _NAME.search(_CODE.sub(b"", comment)) is not None


def _of_block(text: bytes, start: int) -> Iterator[tuple[int, bytes]]:
    for line in text.split(b"\n"):
        star = _STAR.match(line)
        skipped = star.end() if star else 0
        yield start + skipped, line[skipped:]
        start += len(line) + 1


def _read(lines: list[tuple[int, bytes]]) -> Documentation:
    """Divide lines into paragraphs; fenced and indented code, quotes, HTML and link definitions stay out."""
    read, current, fence = Documentation(), Paragraph(), b""
    is_apart, is_skipping, is_list = True, False, False
    for offset, line in lines:
        text = line.strip()
        marked = _FENCE.match(line) if b"```" in text or b"~~~" in text else None
        if fence:
            fence = b"" if marked and marked[1].startswith(fence) and not marked[2].strip() else fence
            continue
        if marked and not (marked[1][:1] == b"`" and b"`" in marked[2]):
            fence, current = marked[1], _ended(read, current)
            continue
        if not text:
            current, is_apart, is_skipping = _ended(read, current), True, False
            continue
        if is_skipping or (is_apart and not is_list and _INDENTED.match(line)):
            continue
        if text.startswith(b">") or (text.startswith(b"<") and _HTML.match(line)):
            current, is_skipping = _ended(read, current), True
            continue
        if text.startswith(b"[") and (defined := _DEFINITION.match(line)):
            _define(read, defined)
            continue
        begins_item = text[:1] in _MARKERS and bool(_ITEM.match(line))
        if begins_item or text.startswith(b"#"):
            current = _ended(read, current)
        is_list = begins_item or (is_list and (not is_apart or line.startswith(b"  ")))
        current.lines.append((offset, line))
        if text.startswith(b"#"):
            current = _ended(read, current)
        is_apart = False
    _ended(read, current)
    return read


def _define(read: Documentation, defined: re.Match[bytes]) -> None:
    if not defined[2] or defined[2].lstrip(b"<").startswith((b"http://", b"https://")):
        read.external.add(defined[1].lower())


def _ended(read: Documentation, paragraph: Paragraph) -> Paragraph:
    """Close a paragraph, and return an empty one."""
    if paragraph.lines:
        read.paragraphs.append(paragraph)
        return Paragraph()
    return paragraph
