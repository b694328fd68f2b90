"""Security rules about unsafe code."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from rust_ai_ide.review.findings import Category, Severity
from rust_ai_ide.review.rules.model import Hit, Match, RuleSet, Where
from rust_ai_ide.review.rules.outcomes import taken_as
from rust_ai_ide.review.rules.patterns import METHOD_CALL, PATH_CALL, STATIC
from rust_ai_ide.review.rules.shapes import (
    has_attribute,
    in_trait_impl,
    is_fully_visible,
    modifiers,
    owner,
    receiver,
)
from rust_ai_ide.review.unit import ITEMS, Unit

if TYPE_CHECKING:
    from tree_sitter import Node

RULES = RuleSet(Category.SECURITY)

_UNINIT = re.compile(rb"MaybeUninit(?:::<(?P<kind>.*)>)?::uninit\(\)$", re.DOTALL)
# An array without elements, a tuple without fields, and types that are written down elsewhere.
_NEEDS_NO_VALUE = re.compile(rb"MaybeUninit|^\(\)$|;\s*0\s*\]|\bSelf\b|^_$")
_ATOMIC = re.compile(rb"(?:\w+::)*Atomic\w+")
_SAFETY_SECTION = re.compile(rb"#+\s*(?:implementation\s+|thread\s+)?safety", re.IGNORECASE)


@RULES.match(
    "missing_safety_doc",
    "Public unsafe function without a safety section",
    Severity.WARNING,
    0.8,
    """[(function_item (function_modifiers)) (function_signature_item (function_modifiers))
        (trait_item)] @item""",
    where=Where.LIBRARY,
    lint="clippy::style",
)
def missing_safety_doc(match: Match) -> Iterator[Hit]:
    """Find `pub unsafe fn` and `pub unsafe trait` whose documentation has no `# Safety`."""
    unit, item = match.unit, match["item"]
    if item.type == "trait_item":
        if not re.match(rb"pub\s+unsafe\b", unit.text(item)):
            return
    elif b"unsafe" not in modifiers(unit, item).split() or in_trait_impl(unit, item):
        return
    around = owner(unit, item)
    subject = around if around is not None and around.type == "trait_item" else item
    if not is_fully_visible(unit, subject) or (around is not None and around.type == "foreign_mod_item"):
        return
    if _is_hidden_around(unit, item):
        return
    before = [unit.text(one) for one in unit.attributes_before(item)]
    if any(
        _SAFETY_SECTION.search(text) or b"doc(hidden" in text or b"include_str" in text for text in before
    ):
        return
    name = item.child_by_field_name("name") or item
    message = "Callers of this unsafe item are not told what they have to guarantee"
    yield match.hit(name, message, "Add a `# Safety` section to its documentation.")


def _is_hidden_around(unit: Unit, item: "Node") -> bool:
    """Tell whether something around an item has `#[doc(hidden)]`, so that no documentation shows it."""
    if b"doc(hidden" not in unit.source:
        return False
    around = unit.around(item, ITEMS)
    while around:
        if has_attribute(unit, around.node, b"doc(hidden"):
            return True
        around = unit.around(around.node, ITEMS)
    return False


@RULES.match(
    "missing_transmute_annotations",
    "`transmute` between types that are not named",
    Severity.WARNING,
    0.9,
    PATH_CALL,
    names=("transmute",),
    lint="clippy::suspicious",
)
def missing_transmute_annotations(match: Match) -> Iterator[Hit]:
    """Find `transmute(x)` where inference chooses the types, and neither a `let` nor a signature fixes them."""
    if match["function"].type == "generic_function" or taken_as(match.unit, match["call"]):
        return
    message = "The types are inferred, so a change elsewhere can change what this reinterprets"
    yield match.hit(match["call"], message, "Write `transmute::<From, To>(…)`.")


@RULES.match("static_mut", "`static mut`", Severity.WARNING, 0.95, STATIC)
def static_mut(match: Match) -> Iterator[Hit]:
    """Find mutable statics outside of foreign interfaces, of which threads have none of their own."""
    unit, static = match.unit, match["static"]
    if not any(child.type == "mutable_specifier" for child in static.named_children):
        return
    around = owner(unit, static)
    if around is not None and around.type == "foreign_mod_item":
        return
    if has_attribute(unit, static, b"thread_local"):
        return
    name = static.child_by_field_name("name") or static
    if _ATOMIC.match(unit.field(static, "type")):
        message = "An atomic needs no `mut` to be changed: with it, every access is unsafe and unchecked"
        yield match.hit(name, message, "Leave out `mut`.")
    else:
        message = "Any two threads that touch this at once are undefined behaviour"
        yield match.hit(name, message, "Use an atomic, a `Mutex` or a `OnceLock`.")


@RULES.match(
    "mem_forget",
    "`mem::forget`",
    Severity.INFO,
    0.85,
    PATH_CALL,
    names=("forget",),
    where=Where.PRODUCTION,
    lint="clippy::restriction",
)
def mem_forget(match: Match) -> Iterator[Hit]:
    """Find `mem::forget(x)`, after which nobody frees what the value owns."""
    if match.unit.field(match["call"], "function").endswith(b"mem::forget"):
        message = (
            "This value's destructor never runs: what it owns is leaked, unless something else took it over"
        )
        yield match.hit(match["call"], message, "Use `ManuallyDrop`, which says so in the type.")


@RULES.match(
    "uninit_assumed_init",
    "Uninitialised memory taken for a value",
    Severity.ERROR,
    0.9,
    METHOD_CALL,
    names=("assume_init",),
    lint="clippy::correctness",
)
def uninit_assumed_init(match: Match) -> Iterator[Hit]:
    """Find `MaybeUninit::uninit().assume_init()` where the type is written down and has to be initialised."""
    unit, value = match.unit, receiver(match["call"])
    made = _UNINIT.search(unit.text(value)) if value is not None else None
    if made is None:
        return
    kind = made["kind"] or taken_as(unit, match["call"])
    if not kind or _NEEDS_NO_VALUE.search(kind) or _is_union(unit, kind):
        return
    message = "No value was ever written here: this is undefined behaviour for nearly every type"
    yield match.hit(match["call"], message, "Write a value first, or keep the `MaybeUninit`.")


def _is_union(unit: Unit, kind: bytes) -> bool:
    return re.search(rb"\bunion\s+" + re.escape(kind) + rb"\b", unit.source) is not None
