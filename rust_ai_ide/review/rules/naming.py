"""Style rules about names, as the compiler's own lints see them."""

import re
from collections.abc import Iterator
from functools import lru_cache

from rust_ai_ide.review.findings import Category, Severity
from rust_ai_ide.review.rules.model import Hit, Match, RuleSet
from rust_ai_ide.review.rules.patterns import TYPE_NAME
from rust_ai_ide.review.rules.shapes import has_attribute, in_trait_impl, is_exported_symbol

RULES = RuleSet(Category.STYLE)

# In files that bind another language, names are as they are there; the lints are then allowed around the file.
_BINDING = re.compile(rb"\bc_(?:u?int|u?long|u?char|u?short|void|schar)\b|bindgen")

_NOT_CAMEL = re.compile(rb"^[a-z]|[A-Za-z]_[A-Za-z]|__")
_FOREIGN_TYPE = re.compile(rb"[A-Za-z]\w*_\w+$")
_BOUNDARY = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


@lru_cache(maxsize=1)
def _binds(source: bytes) -> bool:
    """Tell whether a file binds a library of another language."""
    return _BINDING.search(source) is not None


def _snake(name: str) -> str:
    return re.sub(r"_+", "_", _BOUNDARY.sub("_", name)).lower()


@RULES.match(
    "non_snake_case",
    "Function, module or field not in snake_case",
    Severity.WARNING,
    0.9,
    """([(function_item name: (identifier) @name) (function_signature_item name: (identifier) @name)
         (mod_item name: (identifier) @name) (field_declaration name: (field_identifier) @name)] @item
        (#match? @name "[A-Z]"))""",
    lint="rustc::nonstandard_style",
)
def non_snake_case(match: Match) -> Iterator[Hit]:
    """Find capital letters in the names of functions, modules and fields."""
    item, name = match["item"], match.text("name").decode(errors="replace")
    if in_trait_impl(match.unit, item) or is_exported_symbol(match.unit, item) or _binds(match.unit.source):
        return
    yield match.hit(match["name"], f"`{name}` is not in snake_case", f"Rename it to `{_snake(name)}`.")


@RULES.match(
    "non_camel_case_types",
    "Type, trait or variant not in CamelCase",
    Severity.WARNING,
    0.95,
    TYPE_NAME,
    lint="rustc::nonstandard_style",
)
def non_camel_case_types(match: Match) -> Iterator[Hit]:
    """Find lower-case first letters and inner underscores in type names."""
    item, name = match["item"], match.text("type").removeprefix(b"r#").strip(b"_")
    if item.type == "type_item" and name.endswith(b"_t"):
        return  # another name for a type of C
    if (
        not _NOT_CAMEL.search(name)
        or has_attribute(match.unit, item, b"repr(C")
        or in_trait_impl(match.unit, item)
        or _binds(match.unit.source)
    ):
        return
    if item.type == "enum_variant":
        enum = match.unit.enclosing(item.start_byte, frozenset({"enum_item"}))
        if enum and has_attribute(match.unit, enum.node, b"repr(C"):
            return
    shown = match.text("type").decode(errors="replace")
    camel = "".join(part[:1].upper() + part[1:] for part in shown.split("_"))
    yield match.hit(match["type"], f"`{shown}` is not in CamelCase", f"Rename it to `{camel}`.")


@RULES.match(
    "non_upper_case_globals",
    "Constant or static not in upper case",
    Severity.WARNING,
    0.95,
    """([(const_item name: (identifier) @name) (static_item name: (identifier) @name)] @item
        (#match? @name "[a-z]"))""",
    lint="rustc::nonstandard_style",
)
def non_upper_case_globals(match: Match) -> Iterator[Hit]:
    """Find lower-case letters in the names of constants and statics."""
    item, name = match["item"], match.text("name").decode(errors="replace")
    if in_trait_impl(match.unit, item) or is_exported_symbol(match.unit, item) or _binds(match.unit.source):
        return
    if _FOREIGN_TYPE.match(match.unit.field(item, "type")):
        return  # a number of another language, with its type
    upper = _snake(name).upper()
    yield match.hit(match["name"], f"`{name}` is not in upper case", f"Rename it to `{upper}`.")
