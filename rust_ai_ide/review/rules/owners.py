"""Performance rules about owners of memory where less would do."""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

from rust_ai_ide.review.findings import Category, Severity
from rust_ai_ide.review.rules.model import Hit, Match, RuleSet
from rust_ai_ide.review.rules.patterns import FUNCTION
from rust_ai_ide.review.rules.shapes import in_trait_impl, is_exported_symbol, is_public, parameters
from rust_ai_ide.review.unit import Unit

if TYPE_CHECKING:
    from tree_sitter import Node

RULES = RuleSet(Category.PERFORMANCE)

_OWNED = re.compile(rb"&\s*(?:'\w+\s+)?(Vec\s*<|(?:String|PathBuf)(?=\s*[,)]|$))")
_OWN_TYPE = re.compile(rb"^[ \t]*(?:pub\b[^\n]*?)?\b(?:struct|enum|type)[ \t]+(\w+)", re.MULTILINE)
_BORROWED = {b"String": "`&str`", b"PathBuf": "`&Path`", b"Vec": "a slice `&[…]`"}
_OWNER_METHODS = re.compile(
    rb"\.\s*(?:capacity|as_path|clone|push|as_string|as_ref|into_iter|spare_capacity_mut)\s*\("
)
_PARTS_OF_TYPES = frozenset({"generic_type", "type_arguments", "reference_type", "tuple_type", "array_type"})
_TYPED = frozenset(
    {
        "parameter",
        "field_declaration",
        "ordered_field_declaration_list",
        "function_item",
        "static_item",
        "type_item",
    }
)


@RULES.match(
    "box_collection",
    "Box around a collection",
    Severity.INFO,
    0.55,
    "(generic_type type: (type_identifier) @name) @type",
    names=("Box",),
    lint="clippy::perf",
)
def box_collection(match: Match) -> Iterator[Hit]:
    """Find `Box<Vec<T>>` and `Box<String>`."""
    given = match["type"].child_by_field_name("type_arguments")
    if given is None or given.named_child_count != 1:
        return
    only = given.named_children[0]
    inner = match.unit.field(only, "type") if only.type == "generic_type" else match.unit.text(only)
    if _is_chosen(match.unit, match["type"]) and inner in (
        b"Vec",
        b"String",
        b"HashMap",
        b"HashSet",
        b"BTreeMap",
        b"VecDeque",
    ):
        shown = inner.decode()
        message = f"`{shown}` keeps its content on the heap already, so the box adds one more indirection"
        yield match.hit(match["type"], message, f"Use `{shown}` itself.")


def _is_chosen(unit: Unit, kind: "Node") -> bool:
    """Tell whether the code around a type is free to choose another, and the size of the box is not the point.

    A variable takes the type of its value, a public item is a promise, and a variant or an `Option` is kept small.
    """
    at = kind.parent
    while at is not None and at.type in _PARTS_OF_TYPES:
        if unit.field(at, "type") == b"Option":
            return False
        at = at.parent
    if at is None or at.type not in _TYPED or is_public(unit, at):
        return False
    holder = at.parent.parent if at.parent is not None else None
    if at.type in ("parameter", "field_declaration"):
        return (
            holder is not None
            and holder.type != "enum_variant"
            and not (at.type == "parameter" and holder.type == "function_item" and is_public(unit, holder))
        )
    return at.parent is not None and at.parent.type != "enum_variant"


@RULES.match(
    "ptr_arg", "Parameter that asks for an owner", Severity.WARNING, 0.85, FUNCTION, lint="clippy::style"
)
def ptr_arg(match: Match) -> Iterator[Hit]:
    """Find `&Vec<T>`, `&String` and `&PathBuf` parameters of functions that are free to choose."""
    unit, function = match.unit, match["function"]
    given = function.child_by_field_name("parameters")
    if given is None or not _OWNED.search(unit.source, given.start_byte, given.end_byte):
        return
    for parameter in parameters(function):
        kind = parameter.child_by_field_name("type")
        if kind is None or kind.type != "reference_type":
            continue
        owned = _OWNED.match(unit.text(kind))
        if not owned or in_trait_impl(unit, function) or is_exported_symbol(unit, function):
            continue
        body = unit.field(function, "body")
        name = unit.field(parameter, "pattern")
        word = owned[1].rstrip(b"< ")
        used = rb"\b" + re.escape(name)
        if re.search(used + _OWNER_METHODS.pattern, body) or re.search(
            rb"[(,]\s*" + used + rb"\s*[,)]|" + used + rb"\s+as\s", body
        ):
            continue  # what it is passed on to may need the owner
        if word in _own_types(unit.source):
            continue  # a type of the same name
        message = f"`&{word.decode()}` makes callers own a `{word.decode()}` to call this"
        yield match.hit(kind, message, f"Take {_BORROWED[word]} instead.")


@lru_cache(maxsize=1)
def _own_types(source: bytes) -> frozenset[bytes]:
    return frozenset(_OWN_TYPE.findall(source))
