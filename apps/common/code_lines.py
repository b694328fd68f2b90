"""Lines of source code as HTML: colour, marked words, and characters that would otherwise hide."""

from bisect import bisect_right
from collections.abc import Sequence
from html import escape

from django.utils.safestring import SafeString, mark_safe

from rust_ai_ide.observability.printable import UNPRINTABLE as HIDDEN
from rust_ai_ide.source.syntax.highlighting import KINDS, Highlight

_CLASSES = {
    "attribute": "a",
    "comment": "c",
    "doc": "c",
    "string": "s",
    "escape": "n",
    "number": "n",
    "keyword": "k",
    "type": "t",
    "function": "f",
    "macro": "m",
    "lifetime": "l",
    "constant": "n",
}
_CLASS_OF = [_CLASSES.get(kind, "") for kind in KINDS]


class CodeLines:
    """A source text cut into lines that are drawn one by one, on demand."""

    def __init__(self, source: bytes, highlight: Highlight | None) -> None:
        self.lines = source.split(b"\n")
        if self.lines and not self.lines[-1]:
            self.lines.pop()
        self.highlight = highlight
        self.starts: list[int] = []
        at = 0
        for line in self.lines:
            self.starts.append(at)
            at += len(line) + 1

    def __len__(self) -> int:
        return len(self.lines)

    def html(self, number: int, marks: Sequence[range] = ()) -> SafeString:
        """Draw line `number` (from 1); `marks` are ranges of its characters to stress."""
        line = self.lines[number - 1].removesuffix(b"\r")
        return mark_safe(_draw(line, self._spans(number - 1, len(line)), marks))  # noqa: S308 - every part is escaped

    def _spans(self, index: int, length: int) -> list[tuple[int, int, str]]:
        if self.highlight is None:
            return []
        begin = self.starts[index]
        starts, ends, kinds = self.highlight.starts, self.highlight.ends, self.highlight.kinds
        spans = []
        for at in range(max(0, bisect_right(starts, begin) - 1), len(starts)):
            if starts[at] >= begin + length:
                break
            name = _CLASS_OF[kinds[at]]
            if name and ends[at] > begin:
                spans.append((max(0, starts[at] - begin), min(length, ends[at] - begin), name))
        return spans


def _draw(line: bytes, spans: list[tuple[int, int, str]], marks: Sequence[range]) -> str:
    out: list[str] = []
    marked = _byte_ranges(line, marks)
    at = 0
    for start, end, name in spans:
        out.append(_pieces(line, at, start, marked))
        out.append(f'<span class="{name}">{_pieces(line, start, end, marked)}</span>')
        at = end
    out.append(_pieces(line, at, len(line), marked))
    return "".join(out)


def _pieces(line: bytes, start: int, end: int, marked: list[tuple[int, int]]) -> str:
    """Draw one stretch of one colour, its marked parts in `<b>`."""
    if not marked:
        return _text(line[start:end])
    out = []
    for first, last in marked:
        if last <= start or first >= end:
            continue
        first, last = max(first, start), min(last, end)
        out.append(f"{_text(line[start:first])}<b>{_text(line[first:last])}</b>")
        start = last
    out.append(_text(line[start:end]))
    return "".join(out)


def _byte_ranges(line: bytes, marks: Sequence[range]) -> list[tuple[int, int]]:
    if not marks:
        return []
    text = line.decode("utf-8", "replace")
    if len(text) == len(line):
        return [(mark.start, mark.stop) for mark in marks]
    return [(len(text[: mark.start].encode()), len(text[: mark.stop].encode())) for mark in marks]


def _text(piece: bytes) -> str:
    text = escape(piece.decode("utf-8", "replace"))
    return HIDDEN.sub(lambda found: f'<span class="ctl">U+{ord(found[0]):04X}</span>', text)


def plain_html(text: str) -> SafeString:
    """Draw a line of text that is no code of a known language."""
    return mark_safe(_text(text.encode("utf-8", "surrogateescape")))  # noqa: S308 - every part is escaped
