"""Takes out of a paragraph of Markdown what is not its text: code, tags, and links that lead out."""

import re

_TICKS = re.compile(rb"`+")
_LINK = re.compile(
    rb"(?<!\\)\[((?:[^\[\]\\]|\\.)*)\]"
    rb"(\(\s{0,9}[^()\s]*(?:\([^()]*\)[^()]*)*(?:\s{1,9}\"[^\"]*\")?\s{0,9}\)|\[[^\]]*\])?"
)
_TAG = re.compile(rb"<code>.{0,400}?</code>|<[A-Za-z/!][^<>]*>", re.DOTALL)
_VISIBLE = re.compile(rb"[^\n]")
_WEB = (b"http://", b"https://")


def without_code(text: bytes) -> tuple[bytes, bool]:
    """Return the text with spaces in the place of code, and whether all of its backticks are paired."""
    runs = [found.span() for found in _TICKS.finditer(text)]
    bare, index, is_balanced = bytearray(text), 0, True
    while index < len(runs):
        start, end = runs[index]
        start += _is_escaped(text, start)
        index += 1
        if start == end:
            continue
        closing = _closing(runs, index, end - start)
        if closing is None:
            is_balanced = False
            continue
        end = runs[closing][1]
        bare[start:end] = _VISIBLE.sub(b" ", text[start:end])
        index = closing + 1
    return bytes(bare), is_balanced


def _closing(runs: list[tuple[int, int]], index: int, length: int) -> int | None:
    """Return the next run of as many backticks; inside of code, a backslash does not escape."""
    return next((at for at in range(index, len(runs)) if runs[at][1] - runs[at][0] == length), None)


def _is_escaped(text: bytes, at: int) -> bool:
    first = at
    while first > 0 and text[first - 1 : first] == b"\\":
        first -= 1
    return (at - first) % 2 == 1


def without_links(text: bytes, external: set[bytes]) -> bytes:
    """Return the text with spaces in the place of tags, of links to the web, and of where other links lead."""

    def blank(found: re.Match[bytes]) -> bytes:
        return _VISIBLE.sub(b" ", found[0])

    def of_link(found: re.Match[bytes]) -> bytes:
        inside, target = found[1], found[2] or b""
        if inside.startswith(b"^") or _leads_out(inside, target, external):
            return blank(found)
        return b" " + inside + b" " * (len(found[0]) - len(inside) - 1)

    return _LINK.sub(of_link, _TAG.sub(blank, text))


def _leads_out(inside: bytes, target: bytes, external: set[bytes]) -> bool:
    if target.startswith(b"("):
        return target[1:].lstrip(b"< \n").startswith(_WEB)
    return (target[1:-1] or inside).lower() in external
