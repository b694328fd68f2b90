"""Style rules about `use`."""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

from rust_ai_ide.review.findings import Category, Severity
from rust_ai_ide.review.rules.model import Hit, Match, RuleSet
from rust_ai_ide.review.rules.patterns import USE
from rust_ai_ide.review.rules.shapes import has_visibility
from rust_ai_ide.review.unit import Unit

if TYPE_CHECKING:
    from tree_sitter import Node

RULES = RuleSet(Category.STYLE)

_PATH = re.compile(rb"[\w#]+")
# What only the edition of 2018 and later ones can read; before, `use libc;` in a module was needed.
_EDITION_2018 = re.compile(rb"\b(?:use crate::|async (?:fn|move)\b|\.await\b)")
_OLD_EDITION = 0.5
_SELF = re.compile(rb"\b(self\s*::|macro_rules!)\s*(\w+)")
_MODULE = frozenset({"mod_item"})
_FIRST = {b"self": 0, b"super": 1, b"crate": 2}


@RULES.match(
    "wildcard_imports",
    "Import of everything",
    Severity.INFO,
    0.85,
    "(use_wildcard) @wildcard",
    lint="clippy::pedantic",
)
def wildcard_imports(match: Match) -> Iterator[Hit]:
    """Find `use path::*`, except preludes, enums, `super` in tests, and re-exports."""
    unit, wildcard = match.unit, match["wildcard"]
    path, use = _path_of(unit, wildcard)
    if use is None or not path or has_visibility(use):
        return
    if any(b"prelude" in segment for segment in path) or path[-1][:1].isupper():
        return
    if path[-1] == b"super" and unit.in_test(use.start_byte):
        return
    yield match.hit(wildcard, "A reader cannot see which names this import brings", "Name what is used.")


def _path_of(unit: Unit, wildcard: "Node") -> "tuple[list[bytes], Node | None]":
    """Return the segments before a `*`, those before the braces around it among them, and the whole `use`."""
    segments = _PATH.findall(unit.text(wildcard))
    node = wildcard.parent
    while node is not None and node.type != "use_declaration":
        if node.type == "scoped_use_list":
            segments = _PATH.findall(unit.field(node, "path")) + segments
        node = node.parent
    return segments, node


@RULES.match(
    "single_component_path_imports",
    "Import of a crate by its bare name",
    Severity.WARNING,
    0.9,
    "(use_declaration argument: [(identifier) (use_list)] @imported) @use",
    lint="clippy::style",
)
def single_component_path_imports(match: Match) -> Iterator[Hit]:
    """Find `use regex;`, which says nothing since the edition of 2018, where crates are in scope anyway."""
    unit, use, imported = match.unit, match["use"], match["imported"]
    if has_visibility(use) or (use.parent is not None and use.parent.type == "block"):
        return
    names = [imported] if imported.type == "identifier" else imported.named_children
    names = [name for name in names if name.type == "identifier"]
    if any(unit.text(name)[:1].isupper() for name in names):
        return  # crates are in lower case, so this is a path from the root, as before 2018
    is_new = bool(names) and _is_of_2018(unit.source)
    for name in names:
        if not _is_needed(unit, use, unit.text(name)):
            message = f"`{unit.text(name).decode(errors='replace')}` is in scope without this import"
            edits = _without_line(unit, use) if is_new and imported.type == "identifier" else ()
            confidence = None if is_new else _OLD_EDITION
            yield match.hit(name, message, "Remove it.", confidence=confidence, edits=edits)


def _is_needed(unit: Unit, use: "Node", name: bytes) -> bool:
    """Tell whether the module of an import uses it as `self::name`, or the file defines a macro of that name."""
    places = _uses_of_self(unit.source).get(name)
    if not places:
        return False
    module = unit.around(use, _MODULE)
    for at, is_macro in places:
        around = unit.enclosing(at, _MODULE)
        if is_macro or (around.start if around else -1) == (module.start if module else -1):
            return True
    return False


@lru_cache(maxsize=1)
def _is_of_2018(source: bytes) -> bool:
    return _EDITION_2018.search(source) is not None


@lru_cache(maxsize=1)
def _uses_of_self(source: bytes) -> dict[bytes, list[tuple[int, bool]]]:
    """Return where a file names each `self::name`, and each macro that it defines."""
    places: dict[bytes, list[tuple[int, bool]]] = {}
    for found in _SELF.finditer(source):
        places.setdefault(found[2], []).append((found.start(), found[1].startswith(b"macro")))
    return places


def _without_line(unit: Unit, use: "Node") -> tuple[tuple[int, int, bytes], ...]:
    """Return the edit that removes an import with its line, none where something else is on it."""
    start = unit.source.rfind(b"\n", 0, use.start_byte) + 1
    end = unit.source.find(b"\n", use.end_byte) + 1
    rest = unit.source[start : use.start_byte] + unit.source[use.end_byte : end]
    if end == 0 or rest.strip() or unit.attributes_before(use):
        return ()
    return ((start, end, b""),)


@RULES.match("unsorted_imports", "Imports out of order", Severity.INFO, 0.8, USE)
def unsorted_imports(match: Match) -> Iterator[Hit]:
    """Find an import that rustfmt would put before the one on the line above it."""
    node = match["use"]
    before = node.prev_named_sibling
    if before is None or before.type != "use_declaration":
        return
    if before.end_point.row + 1 != node.start_point.row or b"pub" in match.text("use")[:3]:
        return
    first, second = (_order(match.unit.text(use)) for use in (before, node))
    shared = min(len(first), len(second))
    if second[:shared] < first[:shared]:
        yield match.hit(node, "This import belongs before the one above it", "Let rustfmt sort the imports.")


def _order(use: bytes) -> list[tuple[int, bytes]]:
    """Return what rustfmt sorts by, up to the first brace: `self`, `super`, `crate`, then by name."""
    path = use.partition(b"use")[2].partition(b"{")[0].partition(b" as ")[0]
    return [(_FIRST.get(word, 3 + _kind(word)), word.removeprefix(b"r#")) for word in _PATH.findall(path)]


def _kind(word: bytes) -> int:
    """Return 0 for snake_case, 1 for CamelCase, 2 for UPPER_CASE: the order of rustfmt."""
    if not word[:1].isupper():
        return 0
    return 2 if word.isupper() and len(word) > 1 else 1


@RULES.match(
    "unsafe_removed_from_name",
    "Import that hides `unsafe` in a name",
    Severity.WARNING,
    0.95,
    "(use_as_clause path: (_) @path alias: (identifier) @alias) @clause",
    lint="clippy::style",
)
def unsafe_removed_from_name(match: Match) -> Iterator[Hit]:
    """Find `use cell::UnsafeCell as Cell`."""
    name = match.text("path").rpartition(b"::")[2].lower()
    alias = match.text("alias").lower()
    if b"unsafe" in name and b"unsafe" not in alias and alias != b"_":
        message = "The new name hides that this is unsafe"
        yield match.hit(match["clause"], message, "Keep `unsafe` in the name.")
