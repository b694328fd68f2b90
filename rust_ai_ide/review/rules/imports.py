"""Style rules about `use`."""

import re
from collections.abc import Iterator

from rust_ai_ide.review.findings import Category, Severity
from rust_ai_ide.review.rules.model import Hit, Match, RuleSet
from rust_ai_ide.review.rules.patterns import USE

RULES = RuleSet(Category.STYLE)

_PATH = re.compile(rb"[\w#]+")
_FIRST = {b"self": 0, b"super": 1, b"crate": 2}


@RULES.match(
    "wildcard_imports",
    "Import of everything",
    Severity.INFO,
    0.85,
    "(use_declaration argument: (_) @path) @use",
    lint="clippy::pedantic",
)
def wildcard_imports(match: Match) -> Iterator[Hit]:
    """Find `use path::*`, except preludes, enums, `super` in tests, and re-exports."""
    path = match.text("path")
    if not path.endswith(b"::*") or match.text("use").startswith(b"pub"):
        return
    segments = path.split(b"::")[:-1]
    if any(b"prelude" in segment for segment in segments) or segments[-1][:1].isupper():
        return
    if segments[-1] == b"super" and match.unit.in_test(match["use"].start_byte):
        return
    yield match.hit(match["path"], "A reader cannot see which names this import brings", "Name what is used.")


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
