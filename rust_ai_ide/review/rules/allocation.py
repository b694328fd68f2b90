"""Performance rules about memory that need not be allocated or copied."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from rust_ai_ide.review.findings import Category, Severity
from rust_ai_ide.review.rules.declared import STRINGS, types_of
from rust_ai_ide.review.rules.model import Hit, Match, RuleSet
from rust_ai_ide.review.rules.patterns import METHOD_CALL
from rust_ai_ide.review.rules.shapes import (
    arguments,
    macro_name,
    method_name,
    receiver,
)
from rust_ai_ide.review.unit import Unit

if TYPE_CHECKING:
    from tree_sitter import Node

RULES = RuleSet(Category.PERFORMANCE)

_CONVERSIONS = frozenset({b"clone", b"to_string", b"to_owned", b"to_vec"})
_FUNCTION = frozenset({"function_item"})
_EMPTY = frozenset({b"Vec::new", b"String::new", b"HashMap::new", b"Default::default", b"BTreeMap::new"})


@RULES.match(
    "repeated_conversion",
    "Fresh value that is copied at once",
    Severity.WARNING,
    0.95,
    METHOD_CALL,
    names=("clone", "to_string", "to_owned"),
)
def repeated_conversion(match: Match) -> Iterator[Hit]:
    """Find `x.to_string().clone()` and `format!(…).to_string()`."""
    value = receiver(match["call"])
    first = method_name(match.unit, value)
    if first == b"to_vec" and match.text("name") == b"to_string":
        return
    if first == b"to_owned" and match.text("name") == b"to_string":
        return  # what is owned then may be another reference
    if first in _CONVERSIONS - {b"clone"} or macro_name(match.unit, value) == b"format":
        second = match.text("name").decode()
        message = f"The value is new already, and `{second}` copies it once more"
        yield match.hit(match["name"], message, f"Remove `.{second}()`.")


@RULES.match(
    "single_char_add_str",
    "One character appended as a string",
    Severity.WARNING,
    0.65,
    METHOD_CALL,
    names=("push_str",),
    lint="clippy::style",
    needs_types=True,
)
def single_char_add_str(match: Match) -> Iterator[Hit]:
    """Find `s.push_str("x")`."""
    for argument in arguments(match["call"])[:1]:
        if argument.type == "string_literal":
            inside = match.unit.text(argument)[1:-1].decode(errors="replace")
            if len(inside) == 1 or (len(inside) == 2 and inside[0] == "\\"):
                shown = "\\'" if inside == "'" else inside.replace('\\"', '"')
                message = "A single character is appended as a string"
                if _is_string(match.unit, receiver(match["call"])):
                    yield match.hit(match["call"], message, f"Use `push('{shown}')`.")


def _is_string(unit: Unit, value: "Node | None") -> bool:
    """Tell whether a value may be a `String`: not where the file writes down other types only."""
    kinds = types_of(unit, value) if value is not None else frozenset()
    return not kinds or not kinds.isdisjoint(STRINGS)


@RULES.match(
    "unwrap_or_default",
    "Empty value spelled out",
    Severity.WARNING,
    0.9,
    METHOD_CALL,
    names=("unwrap_or_else", "or_insert_with"),
    lint="clippy::style",
)
def unwrap_or_default(match: Match) -> Iterator[Hit]:
    """Find `x.unwrap_or_else(Vec::new)`."""
    if _may_have_no_default(match):
        return
    for argument in arguments(match["call"])[:1]:
        if match.unit.text(argument) in _EMPTY:
            better = "unwrap_or_default" if match.text("name") == b"unwrap_or_else" else "or_default"
            yield match.hit(match["name"], "This spells out the default value", f"Use `{better}()`.")


def _may_have_no_default(match: Match) -> bool:
    """Tell whether this is the definition of the better method, or an entry of a type that may not have it."""
    unit = match.unit
    around = unit.enclosing(match["call"].start_byte, _FUNCTION)
    if around is not None and unit.name(around.node).endswith(b"or_default"):
        return True
    value = receiver(match["call"])
    is_without_key = value is not None and method_name(unit, value) == b"entry" and not arguments(value)
    return match.text("name") == b"or_insert_with" and (
        is_without_key or b"pub fn or_insert_with" in unit.source
    )
