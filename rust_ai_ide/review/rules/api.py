"""Architecture rules about the methods of types."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from rust_ai_ide.review.findings import Category, Severity
from rust_ai_ide.review.rules.model import Hit, Match, RuleSet, Where
from rust_ai_ide.review.rules.patterns import IMPL
from rust_ai_ide.review.rules.shapes import has_attribute, is_public, parameters
from rust_ai_ide.review.unit import Unit

if TYPE_CHECKING:
    from tree_sitter import Node

RULES = RuleSet(Category.ARCHITECTURE)

# What tells that a length is a number of elements, and not the size of a block, a header or a word.
_COUNTS = re.compile(rb"\.(?:len|count)\(\)\s*\}$")
_HOLDS = re.compile(
    rb"\bfn\s+(?:iter|iter_mut|push|insert|get|get_mut|pop|remove|contains|contains_key)\s*[(<]"
)
_MAY_BE_A_SIZE = 0.5


def _functions(node: "Node") -> "list[Node]":
    body = node.child_by_field_name("body")
    return [child for child in body.named_children if child.type == "function_item"] if body else []


def _type_name(unit: Unit, impl: "Node") -> bytes:
    return re.split(rb"[<\s]", unit.field(impl, "type"), maxsplit=1)[0].rpartition(b"::")[2]


def _declaration(unit: Unit, type_name: bytes) -> "Node | None":
    """Return the struct or enum of that name in this file."""
    for scope in unit.scopes:
        if scope.kind in ("struct_item", "enum_item") and unit.name(scope.node) == type_name:
            return scope.node
    return None


def _implements(unit: Unit, trait: bytes, type_name: bytes) -> bool:
    """Tell whether this file derives or implements a trait for a type."""
    declared = _declaration(unit, type_name)
    if declared and has_attribute(unit, declared, trait):
        return True
    return any(
        scope.kind == "impl_item"
        and unit.field(scope.node, "trait").endswith(trait)
        and _type_name(unit, scope.node) == type_name
        for scope in unit.scopes
    )


@RULES.match(
    "new_without_default",
    "`new` without parameters, but no `Default`",
    Severity.INFO,
    0.75,
    IMPL,
    where=Where.LIBRARY,
    lint="clippy::style",
)
def new_without_default(match: Match) -> Iterator[Hit]:
    """Find `pub fn new() -> Self` on public types for which this file has no `Default`."""
    unit, impl = match.unit, match["impl"]
    if unit.source.find(b"fn new()", impl.start_byte, impl.end_byte) < 0:
        return
    if impl.child_by_field_name("trait") or impl.child_by_field_name("type_parameters"):
        return
    for function in _functions(impl):
        if unit.name(function) != b"new" or not is_public(unit, function) or parameters(function):
            continue
        if function.child_by_field_name("type_parameters") or any(
            child.type == "function_modifiers" and unit.text(child) != b"const"
            for child in function.named_children
        ):
            continue
        name = _type_name(unit, impl)
        declared = _declaration(unit, name)
        if unit.field(function, "return_type") not in (b"Self", name):
            continue
        if declared is None or not is_public(unit, declared):
            continue
        cfg = any(b"cfg" in unit.text(before) for before in unit.attributes_before(function))
        if not cfg and not _implements(unit, b"Default", name):
            shown = name.decode(errors="replace")
            message = f"`{shown}::new()` takes nothing, yet `{shown}` has no `Default`"
            yield match.hit(
                function.child_by_field_name("name") or function, message, "Implement or derive `Default`."
            )


@RULES.match(
    "len_without_is_empty",
    "`len` without `is_empty`",
    Severity.INFO,
    0.7,
    IMPL,
    where=Where.LIBRARY,
    lint="clippy::style",
)
def len_without_is_empty(match: Match) -> Iterator[Hit]:
    """Find a public `len(&self)` whose type has no `is_empty` in this file; only a hint where it counts nothing."""
    unit, impl = match.unit, match["impl"]
    if impl.child_by_field_name("trait"):
        return
    if unit.source.find(b"fn len", impl.start_byte, impl.end_byte) < 0:
        return
    name = _type_name(unit, impl)
    for function in _functions(impl):
        if unit.name(function) != b"len" or not is_public(unit, function):
            continue
        declared = _declaration(unit, name)
        if declared is None or not is_public(unit, declared):
            return
        takes_self = [unit.text(one) for one in parameters(function)] == [b"&self"]
        counts = unit.field(function, "return_type") in (b"usize", b"u64", b"u32", b"u16")
        if takes_self and counts and b"fn is_empty" not in unit.source:
            message = "Callers expect `is_empty` where there is `len`"
            holds = _COUNTS.search(unit.text(function)) or _HOLDS.search(unit.text(impl))
            confidence = None if holds else _MAY_BE_A_SIZE
            place = function.child_by_field_name("name") or function
            yield match.hit(place, message, "Add `is_empty`.", confidence=confidence)


@RULES.match(
    "from_over_into", "`Into` implemented by hand", Severity.WARNING, 0.95, IMPL, lint="clippy::style"
)
def from_over_into(match: Match) -> Iterator[Hit]:
    """Find `impl Into<T> for S`, which `From` gives for free."""
    trait = match["impl"].child_by_field_name("trait")
    if trait is None:
        return
    target = re.match(rb"Into\s*<\s*(\w+)", match.unit.text(trait))
    own = target is not None and _declaration(match.unit, target[1]) is not None
    if target and (own or target[1] in (b"String", b"Vec", b"bool", b"u8", b"u16", b"u32", b"u64", b"usize")):
        message = "`Into` comes for free where `From` is implemented, but not the other way round"
        yield match.hit(trait, message, "Implement `From` for the other type.")


@RULES.match(
    "inherent_to_string", "`to_string` written by hand", Severity.WARNING, 0.95, IMPL, lint="clippy::style"
)
def inherent_to_string(match: Match) -> Iterator[Hit]:
    """Find `fn to_string(&self) -> String` outside a trait."""
    unit, impl = match.unit, match["impl"]
    if unit.source.find(b"fn to_string", impl.start_byte, impl.end_byte) < 0:
        return
    if impl.child_by_field_name("trait"):
        return
    for function in _functions(impl):
        if unit.name(function) != b"to_string" or unit.field(function, "return_type") != b"String":
            continue
        if [unit.text(one) for one in parameters(function)] == [b"&self"] and is_public(unit, function):
            if _has_display(unit, _type_name(unit, impl)):
                return
            message = "Formatting does not know about this method"
            yield match.hit(function.child_by_field_name("name") or function, message, "Implement `Display`.")


def _has_display(unit: Unit, type_name: bytes) -> bool:
    """Tell whether a type, or one that a macro of this file makes, has `Display`, so that the method is a shortcut."""
    shown = rb"\bDisplay\s+for\s+(?:\$|(?:\w+::)*" + re.escape(type_name) + rb"\b)"
    return re.search(shown, unit.source) is not None or _implements(unit, b"Display", type_name)
