"""The performance rule about memory that each round of a loop takes anew."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from rust_ai_ide.review.findings import Category, Severity
from rust_ai_ide.review.rules.looping import leaves_loop, loop_around
from rust_ai_ide.review.rules.model import Hit, Match, RuleSet, Where
from rust_ai_ide.review.unit import Unit

if TYPE_CHECKING:
    from tree_sitter import Node

RULES = RuleSet(Category.PERFORMANCE)

_NEAR = 200  # bytes
_LONGEST = 80  # bytes of what a new buffer is written as
_NUMBER = rb"(?:u8|u16|u32|u64|u128|usize|i8|i16|i32|i64|i128|isize|f32|f64|bool|char)"
# A text, or numbers: what cannot borrow from the round.
_BUFFER = re.compile(
    rb"^(?:(?:std::string::)?String::(?:new\(\)|with_capacity\([\dA-Z_ *+]+\))"
    rb"|vec!\s*\[\s*-?(?:0x)?\d[\w.]*\s*;\s*[\dA-Z_][\dA-Z_ *+]*\]"
    rb"|Vec::<\s*" + _NUMBER + rb"\s*>::(?:new\(\)|with_capacity\([\dA-Z_ *+]+\)))$"
)
_BYTES_READ = rb"\.\s*read_(?:to_end|until)\([^;]{0,200}&mut\s+%(name)s\b"
_VECTOR = re.compile(rb"^Vec::(?:new\(\)|with_capacity\([\dA-Z_ *+]+\))$")
_OF_NUMBERS = re.compile(rb"^Vec\s*<\s*" + _NUMBER + rb"\s*>$")
# Before and after a name: what only borrows it.
_BORROWED = re.compile(rb"(?:&\s*(?:mut\s+)?|\bwrite(?:ln)?!\s*\(\s*|\{)$")
_SHOWN = re.compile(
    rb"\b(?:e?print(?:ln)?|format|write(?:ln)?|panic|bail|anyhow|trace|debug|info|warn|error)!\s*\([^;]*,\s*$"
)
_CALLED = re.compile(rb"\s*(?:\.\s*(?!into|drain|await|leak|unwrap)\w+\s*(?:::<[^()]*>)?\(|\[)")
_FILLED = (
    rb"&mut\s+%(name)s\b|\bwrite(?:ln)?!\s*\(\s*%(name)s\b"
    rb"|\b%(name)s\s*\.\s*(?:push|push_str|extend|extend_from_slice|resize|write_str)\s*\("
)
_ELSEWHERE = re.compile(rb"\bmove\b|\bmem::|\b(?:swap|replace|take)\(\s*&mut")


@RULES.match(
    "allocation_in_loop",
    "Buffer made anew in each round",
    Severity.INFO,
    0.6,
    "(let_declaration pattern: (_) @name value: (_) @value) @let",
    where=Where.PRODUCTION,
)
def allocation_in_loop(match: Match) -> Iterator[Hit]:
    """Find `let mut text = String::new()` in a loop that fills and only borrows it."""
    unit, node, value = match.unit, match["let"], match["value"]
    if value.end_byte - value.start_byte > _LONGEST or value.type not in (
        "call_expression",
        "macro_invocation",
    ):
        return
    written = unit.text(value)
    if match["name"].type != "identifier" or not (_BUFFER.match(written) or _VECTOR.match(written)):
        return
    loop, block = loop_around(unit, node), node.parent
    if loop is None or block is None or block not in (loop, loop.child_by_field_name("body")):
        return
    rest, name = unit.source[node.end_byte : block.end_byte], match.text("name")
    if not _BUFFER.match(written) and not _is_of_numbers(unit, node, rest, name):
        return
    if _ELSEWHERE.search(rest) or not _is_borrowed_only(rest, name) or leaves_loop(node):
        return
    if re.search(_FILLED % {b"name": re.escape(name)}, rest):
        shown = name.decode(errors="replace")
        message = f"Each round allocates `{shown}` anew, though nothing keeps it"
        yield match.hit(node, message, f"Make `{shown}` once, before the loop, and `clear` it in each round.")


def _is_of_numbers(unit: Unit, node: "Node", rest: bytes, name: bytes) -> bool:
    """Tell whether a vector holds numbers by its type or its use: others may borrow from the round."""
    if _OF_NUMBERS.match(unit.field(node, "type")):
        return True
    return re.search(_BYTES_READ % {b"name": re.escape(name)}, rest) is not None


def _is_borrowed_only(rest: bytes, name: bytes) -> bool:
    """Tell whether a stretch of code names a variable only to borrow it, as far as the text shows."""
    for found in re.finditer(rb"\b" + re.escape(name) + rb"\b", rest):
        before, after = (
            rest[max(found.start() - _NEAR, 0) : found.start()],
            rest[found.end() : found.end() + _NEAR],
        )
        if before.endswith((b".", b"::", b'"')):
            continue  # a field or an item of the same name, or text
        if not (_BORROWED.search(before) or _CALLED.match(after) or _SHOWN.search(before)):
            return False
    return True
