"""The rule about pointers that safe functions take from their callers and read."""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

from rust_ai_ide.review.findings import Category, Severity
from rust_ai_ide.review.rules.bindings import LONGEST, may_be_bound
from rust_ai_ide.review.rules.model import Hit, Match, RuleSet, Where
from rust_ai_ide.review.rules.patterns import FUNCTION
from rust_ai_ide.review.rules.shapes import (
    has_attribute,
    in_trait_impl,
    is_fully_visible,
    modifiers,
    parameters,
)
from rust_ai_ide.review.unit import Unit

if TYPE_CHECKING:
    from tree_sitter import Node

RULES = RuleSet(Category.SECURITY)

_RAW = re.compile(rb"\*\s*(?:const|mut)\s")
_READS = (
    rb"(?<![\w)\].])\*\s*%(name)s\b(?!\s*\()"
    rb"|\b%(name)s\s*\.\s*(?:read|write|read_unaligned|write_unaligned|read_volatile|write_volatile|as_ref|as_mut"
    rb"|drop_in_place|copy_from\w*|copy_to\w*|replace)\s*\("
    rb"|\b(?:from_raw_parts(?:_mut)?|from_ptr|from_raw|ptr\s*::\s*(?:read|write)(?:_\w+)?)\s*\(\s*%(name)s\b"
)
_NAME = re.compile(rb"[A-Za-z_]\w*")
_PASSIVE = frozenset({"line_comment", "block_comment", "string_content", "string_literal", "doc_comment"})


@RULES.match(
    "not_unsafe_ptr_arg_deref",
    "Safe function that reads through a pointer of its caller",
    Severity.INFO,
    0.8,
    FUNCTION,
    where=Where.LIBRARY,
    lint="clippy::correctness",
)
def not_unsafe_ptr_arg_deref(match: Match) -> Iterator[Hit]:
    """Find public functions without `unsafe` that look behind a parameter of the type `*const T` or `*mut T`."""
    unit, function = match.unit, match["function"]
    if not _RAW.search(unit.field(function, "parameters")) or not _is_callable(unit, function):
        return
    body = function.child_by_field_name("body")
    for parameter in parameters(function) if body is not None else ():
        name = unit.field(parameter, "pattern")
        if not _RAW.match(unit.field(parameter, "type")) or not _NAME.fullmatch(name):
            continue
        read = _first_read(unit, body, name) if body is not None else None
        if read is not None:
            yield Hit(
                *read,
                f"`{name.decode()}` comes from the caller, who may pass any address without writing `unsafe`",
                "Make the function `unsafe` and say what the pointer has to be, or take a reference.",
            )


def _is_callable(unit: Unit, function: "Node") -> bool:
    """Tell whether safe Rust of other crates can call a function, as far as this file shows."""
    words = modifiers(unit, function).split()
    if b"unsafe" in words or function.end_byte - function.start_byte > LONGEST:
        return False
    if b"extern" in words and not has_attribute(unit, function, b"no_mangle"):
        return False  # for another language to call back
    return is_fully_visible(unit, function) and not in_trait_impl(unit, function)


def _first_read(unit: Unit, body: "Node", name: bytes) -> tuple[int, int] | None:
    """Return where a body first looks behind a pointer, None where it does not, or binds the name anew before."""
    for found in _pattern(name).finditer(unit.source, body.start_byte, body.end_byte):
        if may_be_bound(unit.source[body.start_byte : found.start()], name):
            return None
        node = unit.root.descendant_for_byte_range(found.start(), found.start() + 1)
        if node is not None and node.type not in _PASSIVE:
            return found.span()
    return None


@lru_cache(maxsize=256)
def _pattern(name: bytes) -> re.Pattern[bytes]:
    return re.compile(_READS % {b"name": re.escape(name)})
