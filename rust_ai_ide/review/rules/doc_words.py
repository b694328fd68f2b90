"""The rule about names of code in documentation that are not marked as code."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from itertools import islice

from rust_ai_ide.review.findings import Category, Severity
from rust_ai_ide.review.rules.doc_inline import without_code, without_links
from rust_ai_ide.review.rules.doc_names import is_known
from rust_ai_ide.review.rules.doc_text import documentation
from rust_ai_ide.review.rules.model import Hit, RuleSet
from rust_ai_ide.review.unit import COMMENTS, Unit

RULES = RuleSet(Category.STYLE)

_WORTH_A_LOOK = re.compile(rb"[A-Z]\w*[A-Z]|_|::|\(\)|`|https?:")
_URL = re.compile(rb"https?://\S+")
_POINT = re.compile(rb"_|::|\(\)|https?:|[A-Z][^ A-Z]*[A-Z]")
_SEPARATED = bytes.maketrans(b"\n\r\t'", b"    ")
_NOT_ASCII, _COLON = 0x80, ord(":")
_STARTS = re.compile(rb"^(?:[^\w:\x80-\xff]|_)+")
_SIMPLE = re.compile(rb"[A-Za-z_][\w:]*(?:\(\))?")
_CAMEL = re.compile(r"[^a-z\d\W_](?=[^\W_]*[a-z])[^\W_]*")
_PLURALS = re.compile(r"(?<=[SX])es$|(?<=[A-Z])ified$|s$")
_MOST_NAMES = 50  # in a paragraph; more is data and no text
_SURE, _UNSURE = 0.85, 0.55  # a name in two humps may be one of a product


@RULES.file("doc_markdown", "Name of code not marked as code", Severity.INFO, 0.85, lint="clippy::pedantic")
def doc_markdown(unit: Unit) -> Iterator[Hit]:
    """Find `snake_case`, `a::path`, `call()` and `CamelCase` without backticks in documentation."""
    for read in documentation(unit.source):
        for paragraph in read.paragraphs:
            text, starts = paragraph.joined()
            hits = list(_hits(unit, text, starts, read.external)) if _WORTH_A_LOOK.search(text) else ()
            if hits and not _is_comment(unit, starts[0][1]):
                break  # all of it lies in a string
            yield from hits


def _hits(unit: Unit, text: bytes, starts: list[tuple[int, int]], external: set[bytes]) -> Iterator[Hit]:
    bare, is_balanced = without_code(text) if b"`" in text else (text, True)
    if not is_balanced:
        yield _unbalanced(unit, starts[0][1], starts[-1][1])
        return
    if b"[" in bare or b"<" in bare:
        bare = without_links(bare, external)
    for start, end, confidence in islice(_names(bare), _MOST_NAMES):
        line_at, offset = starts[bisect_right(starts, start, key=lambda one: one[0]) - 1]
        yield _name(unit, offset + start - line_at, offset + end - line_at, confidence)


def _is_comment(unit: Unit, at: int) -> bool:
    node = unit.root.descendant_for_byte_range(at, at + 1)
    while node is not None and node.type not in COMMENTS and "comment" in node.type:
        node = node.parent
    return node is not None and node.type in COMMENTS


def _unbalanced(unit: Unit, start: int, last_line: int) -> Hit:
    end = unit.source.find(b"\n", last_line)
    message = "A backtick in this paragraph has no other that closes it"
    return Hit(start, end if end > 0 else len(unit.source), message, "Close the code, or write `\\``.")


def _name(unit: Unit, start: int, end: int, confidence: float) -> Hit:
    word = unit.source[start:end]
    shown = word.decode(errors="replace")
    if word.startswith(b"http"):
        return Hit(
            start,
            end,
            "This address is no link",
            f"Write `<{shown}>`.",
            edits=((start, end, b"<%b>" % word),),
        )
    edits = ((start, end, b"`%b`" % word),) if _SIMPLE.fullmatch(word) else ()
    return Hit(
        start,
        end,
        f"`{shown}` is not marked as code",
        "Put it in backticks.",
        confidence=confidence,
        edits=edits,
    )


def _names(text: bytes) -> Iterator[tuple[int, int, float]]:
    """Yield where a text has names of code, and how sure that is."""
    text = text.translate(_SEPARATED)
    end = 0
    for point in _POINT.finditer(text):
        if point.start() < end:
            continue
        start = text.rfind(b" ", end, point.start()) + 1 or end
        end = text.find(b" ", point.end())
        end = len(text) if end < 0 else end
        first, last, confidence = _name_in(text[start:end])
        if confidence:
            yield start + first, start + last, confidence


def _name_in(word: bytes) -> tuple[int, int, float]:
    """Return where the name in a word begins and ends, without the punctuation around it, and how sure it is one."""
    if url := _URL.match(word):
        return 0, len(url[0].rstrip(b'.,;:!?)"')), _SURE
    end = _end(word)
    if word[end : end + 2] == b"()":
        end += 2
    start = len(word) - len(_STARTS.sub(b"", word))
    name = word[start:end]
    if name.startswith(b":") and not name.startswith(b"::"):
        start, name = start + 1, name[1:]
    if name.endswith(b":") and not name.endswith(b"::"):
        end, name = end - 1, name[:-1]
    return start, end, _confidence(name)


def _end(word: bytes) -> int:
    end = len(word)
    while end and not (
        word[end - 1 : end].isalnum() or word[end - 1] >= _NOT_ASCII or word[end - 1] == _COLON
    ):
        end -= 1
    return end


def _confidence(name: bytes) -> float:
    if not name.strip(b":") or b"\\_" in name or is_known(name):
        return 0.0
    if b"_" in name and b"-" in name:
        return 0.0
    if b"_" in name or b"::" in name or name.endswith(b"()"):
        return _SURE
    if name.isupper():
        return 0.0
    word = _PLURALS.sub("", name.decode(errors="replace"))
    capitals = sum(letter.isupper() for letter in word)
    return _UNSURE if capitals > 1 and _CAMEL.fullmatch(word) else 0.0
