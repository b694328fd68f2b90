"""The rule about memory that is given away for good."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from rust_ai_ide.review.findings import Category, Severity
from rust_ai_ide.review.rules.model import Hit, Match, RuleSet, Where
from rust_ai_ide.review.rules.patterns import CALL
from rust_ai_ide.review.rules.shapes import arguments, macro_name, method_name, receiver
from rust_ai_ide.review.unit import CONSTS, Unit

if TYPE_CHECKING:
    from tree_sitter import Node

RULES = RuleSet(Category.PERFORMANCE)

_OWNERS = frozenset({b"Box", b"Vec", b"String"})
_MADE = frozenset(
    {b"to_owned", b"to_string", b"into_owned", b"collect", b"into_boxed_str", b"into_boxed_slice"}
)
_MACROS = frozenset({b"format", b"vec", b"lazy_static", b"thread_local"})
_ONCE = frozenset(
    {b"get_or_init", b"get_or_try_init", b"get_or_insert_with", b"call_once", b"call_once_force", b"set"}
)
# What tells that a function keeps what it makes, or runs only the first time that somebody asks.
_KEEPS = re.compile(
    rb"\b(?:LazyLock|LazyCell|Lazy|OnceCell|OnceLock|OnceBox|Once)\b|cache|intern|\binsert\(|compare_exchange|NonNull\b"
    rb"|from_raw|drop_in_place|\bas_ptr\b",
    re.IGNORECASE,
)
_NAMED = re.compile(rb"^main$|leak|^(?:init|setup|install|register|set_|static_|into_static)")
_SAID = re.compile(rb"//[^\n]*(?:leak|'static|\bonce\b|intentional)", re.IGNORECASE)
_TAKEN_BACK = re.compile(rb"\b(?:Box|Vec|String|CString)(?:::<[^;()]*>)?::from_raw|drop_in_place|\bdealloc\b")
_NEAR = 600  # bytes before a call in which a comment may speak of it


@RULES.match(
    "memory_leak",
    "Memory that is never freed",
    Severity.INFO,
    0.6,
    CALL,
    names=("leak",),
    where=Where.PRODUCTION,
)
def memory_leak(match: Match) -> Iterator[Hit]:
    """Find `Box::leak(…)`, `Vec::leak(…)` and `text.to_owned().leak()` in code that may run more than once."""
    unit, call = match.unit, match["call"]
    if not _is_leak(unit, call, match["function"]) or _TAKEN_BACK.search(unit.source):
        return
    if not _runs_once(unit, call) and not _becomes_pointer(unit, call):
        message = "This memory is never freed, so each call takes more of it"
        yield match.hit(call, message, "Return what owns it, or make it once, in a `OnceLock`.")


def _is_leak(unit: Unit, call: "Node", function: "Node") -> bool:
    """Tell whether a method or function called `leak` is that of a box, a vector or a string."""
    if function.type != "field_expression":
        owner = unit.field(function, "path").partition(b"<")[0].rstrip(b":").rpartition(b"::")[2]
        return owner in _OWNERS and [unit.text(one) for one in arguments(call)] != [b"Box::new(())"]
    value = receiver(call)
    if value is None or arguments(call):
        return False
    made = unit.field(value, "function").rpartition(b"::")[0].partition(b"::")[0]
    return method_name(unit, value) in _MADE or macro_name(unit, value) in _MACROS or made in _OWNERS


def _runs_once(unit: Unit, call: "Node") -> bool:
    """Tell whether a call belongs to a static, to `main`, or to what keeps a value, or a comment speaks of it."""
    if unit.enclosing(call.start_byte, CONSTS):
        return True
    around = call.parent
    while around is not None and around.type != "function_item":
        if method_name(unit, around) in _ONCE or macro_name(unit, around) in _MACROS:
            return True
        around = around.parent
    if around is None:
        return True
    before = unit.source[max(call.start_byte - _NEAR, around.start_byte) : call.end_byte]
    if _NAMED.search(unit.name(around)) or _KEEPS.search(unit.text(around)) or _SAID.search(before):
        return True
    return any(b"leak" in unit.text(one) for one in unit.attributes_before(around))


def _becomes_pointer(unit: Unit, call: "Node") -> bool:
    """Tell whether a reference is made a pointer at once, which somebody may free later."""
    holder = call.parent
    while holder is not None and holder.type in (
        "parenthesized_expression",
        "reference_expression",
        "arguments",
    ):
        if holder.type == "arguments" and holder.parent is not None:
            holder = holder.parent
        holder = holder.parent
    if holder is None:
        return False
    kind = unit.field(holder, "type")
    return kind.startswith(b"*") or unit.field(holder, "return_type").startswith(b"*")
