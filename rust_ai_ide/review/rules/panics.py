"""Rules about operations that panic for some values of a parameter."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from rust_ai_ide.review.findings import Category, Severity
from rust_ai_ide.review.rules.bindings import function_around, may_be_bound, parameter_type
from rust_ai_ide.review.rules.model import Hit, Match, RuleSet, Where
from rust_ai_ide.review.rules.patterns import BINARY
from rust_ai_ide.review.rules.shapes import is_public
from rust_ai_ide.review.unit import COMMENTS, Unit

if TYPE_CHECKING:
    from tree_sitter import Node

RULES = RuleSet(Category.ARCHITECTURE)

_FUNCTION, _CLOSURE = frozenset({"function_item"}), frozenset({"closure_expression"})
_INTEGER = re.compile(rb"[iu](?:8|16|32|64|128|size)")
_TEXT = re.compile(rb"&\s*(?:'\w+\s+)?(?:str|String)|String")
_CARES = re.compile(
    rb"\b(?:is_char_boundary|is_ascii\w*|starts_with|ends_with|strip_\w+|r?find|char_indices|as_bytes|bytes?|split\w*"
    rb"|r?match_indices|matches|chars|captures|unicode\w*|ascii|rposition|position|floor_char_boundary|len_utf8)\b"
)
_SAYS = re.compile(rb"panic|zero|\b0\b", re.IGNORECASE)


@RULES.match(
    "integer_division_by_parameter",
    "Division by a parameter that may be zero",
    Severity.INFO,
    0.65,
    BINARY,
    names=("/", "%"),
    where=Where.LIBRARY,
)
def integer_division_by_parameter(match: Match) -> Iterator[Hit]:
    """Find `a / n` in a public function that does not look at its parameter `n` before."""
    unit, divisor = match.unit, match["binary"].child_by_field_name("right")
    if divisor is None or divisor.type != "identifier":
        return
    function = function_around(unit, divisor)
    if (
        function is None
        or not is_public(unit, function)
        or unit.enclosing(divisor.start_byte, _CLOSURE, _FUNCTION)
    ):
        return
    name = unit.text(divisor)
    if not _INTEGER.fullmatch(parameter_type(unit, function, name)) or _speaks_of_zero(unit, function):
        return
    before, shown = unit.source[function.start_byte : divisor.start_byte], re.escape(name)
    looks = (
        rb"\b" + shown + rb"\s*(?:[<>.]|[=!]=)|(?:[<>=!]=|[<>]|\.\.=?)\s*" + shown + rb"\b"
        rb"|\b(?:match|assert\w*!|NonZero)[^;{]*\b" + shown + rb"\b"
    )
    if re.search(looks, before) is None and not may_be_bound(before, name):
        yield match.hit(
            match["binary"],
            f"This panics where the caller gives zero for `{name.decode(errors='replace')}`",
            "Check it, ask for a `NonZero`, or use `checked_div` or `checked_rem`.",
        )


def _speaks_of_zero(unit: Unit, function: "Node") -> bool:
    """Tell whether the documentation of a function says what zero does."""
    return any(
        before.type in COMMENTS and _SAYS.search(unit.text(before))
        for before in unit.attributes_before(function)
    )


@RULES.match(
    "string_slice",
    "String cut at a byte that may lie inside a character",
    Severity.INFO,
    0.6,
    "(index_expression (identifier) . (range_expression) @range) @index",
    where=Where.PRODUCTION,
    lint="clippy::restriction",
)
def string_slice(match: Match) -> Iterator[Hit]:
    """Find `&s[..n]` of parameters `s: &str` and `n: usize`, and `&s[..3]`, where nothing looks at `s` before."""
    unit, node = match.unit, match["index"]
    value = node.named_child(0)
    function = function_around(unit, node)
    if value is None or function is None:
        return
    name = unit.text(value)
    bounds = match["range"].named_children
    if not _TEXT.fullmatch(parameter_type(unit, function, name)):
        return
    if not any(_may_miss(unit, function, bound) for bound in bounds):
        return
    before = unit.source[function.start_byte : node.start_byte]
    if re.search(rb"\w\s*\((?:[^()]*[\s,&(])?" + re.escape(name) + rb"\s*[,)]", before.partition(b"{")[2]):
        return  # another function looked at it
    if not _CARES.search(unit.text(function)) and not may_be_bound(unit.text(function), name):
        written = name.decode(errors="replace")
        yield match.hit(
            node,
            f"This panics where `{written}` is too short, or has a character of several bytes there",
            "Use `get(…)`, or cut at a place that was found in the string.",
        )


def _may_miss(unit: Unit, function: "Node", bound: "Node") -> bool:
    """Tell whether a bound is a number or a parameter, so that nothing ties it to the string."""
    if bound.type == "integer_literal":
        return unit.text(bound) != b"0"
    return bound.type == "identifier" and parameter_type(unit, function, unit.text(bound)) == b"usize"
