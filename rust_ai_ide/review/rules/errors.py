"""Architecture rules about types of errors."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from rust_ai_ide.review.findings import Category, Severity
from rust_ai_ide.review.rules.model import Hit, Match, RuleSet, Where
from rust_ai_ide.review.rules.patterns import FUNCTION, IMPL
from rust_ai_ide.review.rules.shapes import code_children, in_trait_impl, is_fully_visible
from rust_ai_ide.review.unit import Unit

if TYPE_CHECKING:
    from tree_sitter import Node

RULES = RuleSet(Category.ARCHITECTURE)

_MODULE = frozenset({"mod_item"})
_TRAIT = re.compile(rb"^(?:(?:::)?(?:std|core|alloc)::)?(?:error::Error|StdError|Error)$")
_HELD = re.compile(rb"^(?:Box<\s*)?(?:(?:::)?(?:\w+::)*(?P<name>\w*Error)|dyn\s[^<>]*\bError\b[^<>]*)\s*>?$")
_BOXED = re.compile(rb"\bResult\s*<.*,\s*Box\s*<\s*dyn\s+(?:[\w:]+::)?Error\b", re.DOTALL)
_UNIT_ERROR = re.compile(rb"^(?:std::result::)?Result\s*<.*,\s*\(\s*\)\s*>$", re.DOTALL)
_SAYS_NOTHING = re.compile(rb"(?:^|::)fmt::Error$")


@RULES.match("error_without_source", "Error that hides its cause", Severity.INFO, 0.8, IMPL)
def error_without_source(match: Match) -> Iterator[Hit]:
    """Find an `impl Error` without `source` for a type of this file that holds another error."""
    unit, impl = match.unit, match["impl"]
    if not _TRAIT.match(unit.field(impl, "trait")):
        return
    body = unit.field(impl, "body")
    if b"fn source" in body or b"fn cause" in body or b"!" in body:
        return
    declared = _declared_beside(unit, impl)
    if declared is None or _is_wrapper(unit, declared):
        return
    held = next((one for one in _held_types(declared) if _is_error(unit, one)), None)
    if held is not None:
        shown = unit.text(held).decode(errors="replace")
        message = f"Who reports this error cannot get at the `{shown}` inside it"
        trait = impl.child_by_field_name("trait") or impl
        yield match.hit(trait, message, "Return it from `source`, and leave it out of the text of `Display`.")


def _declared_beside(unit: Unit, impl: "Node") -> "Node | None":
    """Return the struct or enum that an impl is for, if it stands in the same module."""
    name = re.split(rb"[<\s]", unit.field(impl, "type"), maxsplit=1)[0]
    module = unit.around(impl, _MODULE)
    for declared in _declarations(unit, name):
        if unit.around(declared, _MODULE) == module:
            return declared
    return None


def _declarations(unit: Unit, name: bytes) -> "Iterator[Node]":
    for scope in unit.scopes:
        if scope.kind in ("struct_item", "enum_item") and unit.name(scope.node) == name:
            yield scope.node


def _is_wrapper(unit: Unit, declared: "Node") -> bool:
    """Tell whether a struct holds an error alone, or beside the value it is about: it is that error, renamed."""
    body = declared.child_by_field_name("body")
    if declared.type != "struct_item" or body is None:
        return False
    fields = [one for one in code_children(body) if one.type not in ("attribute_item", "visibility_modifier")]
    telling = [one for one in fields if not unit.name(one).startswith(b"_")]
    return len(telling) == 1 or declared.child_by_field_name("type_parameters") is not None


def _held_types(declared: "Node") -> "Iterator[Node]":
    """Yield the types of the fields of a struct, or of those of the variants of an enum."""
    waiting = [declared.child_by_field_name("body")]
    while waiting:
        node = waiting.pop()
        for child in node.named_children if node else ():
            if child.type == "enum_variant":
                waiting.append(child.child_by_field_name("body"))
            elif child.type == "field_declaration":
                kind = child.child_by_field_name("type")
                if kind is not None:
                    yield kind
            elif child.type in ("type_identifier", "scoped_type_identifier", "generic_type"):
                yield child


def _is_error(unit: Unit, kind: "Node") -> bool:
    """Tell whether a type is an error by its name; one declared in this file must also implement the trait."""
    found = _HELD.match(unit.text(kind))
    if found is None or _SAYS_NOTHING.search(unit.text(kind)):
        return False
    name = found["name"]
    if name is None or not any(_declarations(unit, name)):
        return True
    return re.search(rb"\bError\s+for\s+" + name + rb"\b", unit.source) is not None


@RULES.match(
    "boxed_error_in_public_api",
    "Public function with a boxed error",
    Severity.INFO,
    0.85,
    FUNCTION,
    where=Where.LIBRARY,
)
def boxed_error_in_public_api(match: Match) -> Iterator[Hit]:
    """Find `pub fn … -> Result<_, Box<dyn Error>>`."""
    unit, function = match.unit, match["function"]
    kind = function.child_by_field_name("return_type")
    if kind is None or not _BOXED.search(unit.text(kind)):
        return
    if b"TokenStream" in unit.text(kind) or b"Box<Self>" in unit.field(function, "parameters"):
        return  # an error of the compiler, and an error that gives itself back
    if is_fully_visible(unit, function) and not in_trait_impl(unit, function):
        message = "Callers cannot tell the errors of this function apart"
        yield match.hit(kind, message, "Return an error type of your own.")


@RULES.match(
    "result_unit_err",
    "Public function with `()` as its error",
    Severity.INFO,
    0.8,
    FUNCTION,
    where=Where.LIBRARY,
    lint="clippy::style",
)
def result_unit_err(match: Match) -> Iterator[Hit]:
    """Find `pub fn … -> Result<_, ()>`."""
    unit, function = match.unit, match["function"]
    kind = function.child_by_field_name("return_type")
    if kind is None or not _UNIT_ERROR.match(unit.text(kind)):
        return
    if is_fully_visible(unit, function) and not in_trait_impl(unit, function):
        message = "`()` says nothing about what went wrong, and it is no `Error`"
        yield match.hit(kind, message, "Use an error type, or `Option` if there is nothing to say.")
