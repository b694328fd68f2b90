"""The rule about places in lists that a caller chooses."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from rust_ai_ide.review.findings import Category, Severity
from rust_ai_ide.review.rules.bindings import function_around, may_be_bound, parameter_type
from rust_ai_ide.review.rules.declared import types_of
from rust_ai_ide.review.rules.model import Hit, Match, RuleSet, Where
from rust_ai_ide.review.rules.shapes import in_trait_impl, is_fully_visible, modifiers
from rust_ai_ide.review.unit import COMMENTS, Unit

if TYPE_CHECKING:
    from tree_sitter import Node

RULES = RuleSet(Category.ARCHITECTURE)

_VECTOR = frozenset({b"Vec"})
_LIST = re.compile(
    rb"&\s*(?:'\w+\s+)?(?:mut\s+)?(?:\[[^;]*\]$|(?:\w+::)*Vec\s*<)|(?:mut\s+)?(?:\w+::)*Vec\s*<", re.DOTALL
)
_SAYS = re.compile(rb"panic|bound|range|less than|smaller|must", re.IGNORECASE)
_LENGTH = re.compile(
    rb"\.\s*(?:len|is_empty|get|get_mut|resize\w*|extend\w*|first|last|split_at\w*|chunks\w*|swap_remove)\s*\(|\bassert\w*!|\bvec!"
)


@RULES.match(
    "indexing_slicing",
    "Place in a list taken from the caller unseen",
    Severity.INFO,
    0.6,
    "(index_expression (_) . [(identifier) (range_expression)] @index) @indexing",
    where=Where.LIBRARY,
    lint="clippy::restriction",
)
def indexing_slicing(match: Match) -> Iterator[Hit]:
    """Find `list[n]` and `list[..n]` of parameters of a public function that looks neither at `n` nor at a length."""
    unit, indexing = match.unit, match["indexing"]
    value, index = indexing.named_child(0), match["index"]
    bounds = index.named_children if index.type == "range_expression" else [index]
    chosen = [unit.text(one) for one in bounds if one.type == "identifier"]
    function = function_around(unit, indexing) if chosen else None
    if value is None or function is None:
        return
    names = [name for name in chosen if parameter_type(unit, function, name) == b"usize"]
    if not names or not _is_list(unit, function, value):
        return
    if not is_fully_visible(unit, function) or in_trait_impl(unit, function):
        return
    if not any(_is_unseen(unit, function, name) for name in names) or _says_more(unit, function):
        return
    shown = names[0].decode(errors="replace")
    yield match.hit(
        indexing,
        f"This panics where the caller gives a `{shown}` behind the end",
        "Use `get(…)`, or say in the documentation what it may be.",
    )


def _is_list(unit: Unit, function: "Node", value: "Node") -> bool:
    """Tell whether a value is a parameter or a field that is written down as a vector or a slice."""
    if value.type == "identifier":
        return _LIST.match(parameter_type(unit, function, unit.text(value))) is not None
    return value.type == "field_expression" and types_of(unit, value) == _VECTOR


def _is_unseen(unit: Unit, function: "Node", name: bytes) -> bool:
    """Tell whether a function neither compares a parameter, nor takes its remainder, nor binds it anew."""
    text, shown = unit.field(function, "body"), re.escape(name)
    looks = (
        rb"(?<![\w.])"
        + shown
        + rb"\s*(?:[<>%]|[=!]=|&[^&]|\.(?!\.))|(?:[<>=!]=|[<>%]|\.\.=?)\s*"
        + shown
        + rb"\s*[^\]\w\s]"
    )
    return re.search(looks, text) is None and not may_be_bound(text, name)


def _says_more(unit: Unit, function: "Node") -> bool:
    """Tell whether a function looks at a length at all, is `unsafe`, or its documentation says what is too far."""
    if b"unsafe" in modifiers(unit, function).split() or _LENGTH.search(unit.field(function, "body")):
        return True
    return any(
        before.type in COMMENTS and _SAYS.search(unit.text(before))
        for before in unit.attributes_before(function)
    )
