"""Security rules about numbers that lose digits."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from rust_ai_ide.review.findings import Category, Severity
from rust_ai_ide.review.rules.bindings import function_around, may_be_bound, parameter_type
from rust_ai_ide.review.rules.model import Hit, Match, RuleSet, Where
from rust_ai_ide.review.rules.shapes import arguments, is_public, method_name, receiver
from rust_ai_ide.review.unit import Unit

if TYPE_CHECKING:
    from tree_sitter import Node

RULES = RuleSet(Category.SECURITY)

_BITS = {b"8": 8, b"16": 16, b"32": 32, b"64": 64, b"128": 128, b"size": 64}
_FEW = 16  # bits: what needs more than 32 is seldom met
_LENGTHS = frozenset({b"len", b"count"})
_AROUND = frozenset({"parenthesized_expression", "binary_expression"})
_WRITES = (b"push", b"put_", b"write_", b"emit_", b"serialize_u", b"encode_u")
_CHUNKS = b"chunks"  # which are as long as the function wants them
_SHORT = frozenset({b"encode_utf8", b"encode_utf16"})


@RULES.match(
    "cast_possible_truncation",
    "Cast that may cut a number short",
    Severity.INFO,
    0.65,
    "(type_cast_expression) @cast",
    where=Where.PRODUCTION,
    lint="clippy::pedantic",
)
def cast_possible_truncation(match: Match) -> Iterator[Hit]:
    """Find `out.push(v.len() as u8)`, and `x as u8` of a wider parameter `x` of a public function."""
    unit, cast = match.unit, match["cast"]
    value, target = cast.child_by_field_name("value"), unit.field(cast, "type")
    into = _bits(target)
    if value is None or not 0 < into <= _FEW:
        return
    function = function_around(unit, cast)
    if function is None or _CHUNKS in unit.text(function):
        return
    if value.type == "identifier" and is_public(unit, function):
        source = parameter_type(unit, function, unit.text(value))
    elif _is_length(unit, value) and _is_written(unit, cast):
        source = b"usize"
    else:
        return
    if _bits(source) > into and not _is_looked_at(unit, function, value):
        shown = unit.text(value).decode(errors="replace")
        yield match.hit(
            cast,
            f"`{shown}` may be more than `{target.decode()}` can hold: the cast keeps the lowest bits",
            f"Use `{target.decode()}::try_from(…)` and say what happens when it does not fit.",
        )


def _is_written(unit: Unit, cast: "Node") -> bool:
    """Tell whether a number goes into a format: it is pushed or written, or its bytes are asked for."""
    holder = cast.parent
    while holder is not None and holder.type in _AROUND:
        holder = holder.parent
    if holder is not None and holder.type == "field_expression":
        return unit.field(holder, "field").endswith(b"e_bytes")  # to_be_bytes, to_le_bytes, to_ne_bytes
    call = holder.parent if holder is not None and holder.type == "arguments" else None
    return call is not None and method_name(unit, call).startswith(_WRITES)


def _is_length(unit: Unit, value: "Node") -> bool:
    """Tell whether a value is the length of something that may be long."""
    if method_name(unit, value) not in _LENGTHS or arguments(value):
        return False
    measured = receiver(value)
    if measured is None or method_name(unit, measured) in _SHORT:
        return False
    return not unit.text(measured).isupper()  # a constant


def _bits(name: bytes) -> int:
    return _BITS.get(name[1:], 0) if name[:1] in (b"u", b"i") else 0


def _is_looked_at(unit: Unit, function: "Node", value: "Node") -> bool:
    """Tell whether the function compares, shifts, masks, asserts about or binds anew what it casts."""
    name = unit.text(value)
    text, shown = unit.text(function), re.escape(name)
    looks = (
        rb"(?<![\w.])" + shown + rb"\s*(?:as\s+\w+\s*\)?\s*)?(?:[<>%^]|[=!]=|&[^&])"
        rb"|(?<![\w.])" + shown + rb"\s*\."
        rb"|(?:[<>=!]=|[<>%&^])\s*" + shown + rb"(?![\w.])"
        rb"|\b(?:match|assert\w*!\s*\()[^;{]*" + shown
    )
    return re.search(looks, text) is not None or (value.type == "identifier" and may_be_bound(text, name))
