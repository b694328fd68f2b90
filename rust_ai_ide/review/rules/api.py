"""Architecture rules about the form of interfaces."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from rust_ai_ide.review.findings import Category, Severity
from rust_ai_ide.review.rules.model import Hit, Match, RuleSet, Where
from rust_ai_ide.review.rules.patterns import IMPL, STRUCT
from rust_ai_ide.review.rules.shapes import code_children, has_attribute, is_public, parameters
from rust_ai_ide.review.unit import Unit

if TYPE_CHECKING:
    from tree_sitter import Node

RULES = RuleSet(Category.ARCHITECTURE)


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
    """Find a public `len(&self)` whose type has no `is_empty` in this file."""
    unit, impl = match.unit, match["impl"]
    if impl.child_by_field_name("trait"):
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
            yield match.hit(function.child_by_field_name("name") or function, message, "Add `is_empty`.")


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
    if impl.child_by_field_name("trait"):
        return
    for function in _functions(impl):
        if unit.name(function) != b"to_string" or unit.field(function, "return_type") != b"String":
            continue
        if [unit.text(one) for one in parameters(function)] == [b"&self"] and is_public(unit, function):
            message = "Formatting does not know about this method"
            yield match.hit(function.child_by_field_name("name") or function, message, "Implement `Display`.")


@RULES.match(
    "partial_pub_fields",
    "Struct with public and private fields",
    Severity.INFO,
    0.9,
    STRUCT,
    lint="clippy::restriction",
)
def partial_pub_fields(match: Match) -> Iterator[Hit]:
    """Find structs that can be read in part but not built by their users, at the first field that differs."""
    body = match["struct"].child_by_field_name("body")
    is_first_public: bool | None = None
    for field, is_field_public in _fields(match.unit, body) if body else ():
        if is_first_public is None:
            is_first_public = is_field_public
        elif is_field_public != is_first_public:
            message = (
                "Some fields of this struct are public and some are private, so nothing guards the whole"
            )
            yield match.hit(field, message, "Make all private and add methods.")
            return


def _fields(unit: Unit, body: "Node") -> "Iterator[tuple[Node, bool]]":
    """Yield the fields of a struct, those of a tuple by their types, and whether each is `pub`."""
    is_visible = False
    for child in code_children(body):
        if child.type == "visibility_modifier":
            is_visible = unit.text(child) == b"pub"
        elif child.type == "field_declaration":
            yield child, is_public(unit, child)
        elif child.type != "attribute_item":
            yield child, is_visible
            is_visible = False


@RULES.match(
    "struct_excessive_bools",
    "Struct with many `bool` fields",
    Severity.INFO,
    0.9,
    STRUCT,
    lint="clippy::pedantic",
)
def struct_excessive_bools(match: Match) -> Iterator[Hit]:
    """Find structs of more than three `bool` fields, which are often a state in disguise."""
    unit, struct = match.unit, match["struct"]
    body = struct.child_by_field_name("body")
    fields = [child for child in body.named_children if child.type == "field_declaration"] if body else []
    count = sum(1 for one in fields if unit.field(one, "type") == b"bool")
    if count > match.unit.thresholds.max_struct_bools:
        message = f"{count} `bool` fields make {2**count} states, of which few are meant"
        yield match.hit(struct.child_by_field_name("name") or struct, message, "Use an enum for the state.")
