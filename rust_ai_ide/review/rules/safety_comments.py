"""The rule that unsafe code says why it is sound."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from rust_ai_ide.review.findings import Category, Severity
from rust_ai_ide.review.rules.model import Hit, Match, RuleSet, Where
from rust_ai_ide.review.unit import Unit

if TYPE_CHECKING:
    from tree_sitter import Node

RULES = RuleSet(Category.SECURITY)

_SAFETY = re.compile(rb"safety\s*:|#+\s*(?:implementation\s+|thread\s+)?safety", re.IGNORECASE)
_BESIDE = re.compile(rb"/[/*]+\s*safety\s*:", re.IGNORECASE)
_STATEMENTS = frozenset({"block", "declaration_list", "source_file", "match_block", "field_initializer_list"})
_TOKENS = frozenset({"token_tree", "macro_rule", "macro_definition"})
_BLOCK_OR_IMPL = re.compile(rb"\s*(?:(?:/\*[^*]*\*/|//[^\n]*\n)\s*)*(\{|impl\b)")
_ENDS = (b";", b"{", b"}", b"(", b"[", b"=>", b",")
_OPEN = (b"=", b"(", b"[", b",", b"|", b"=>")
_MOST_LINES = 100
_LONG_LINE = 500


@RULES.match(
    "undocumented_unsafe_blocks",
    "Unsafe block without a safety comment",
    Severity.WARNING,
    0.9,
    """[(unsafe_block) @unsafe (impl_item . "unsafe") @unsafe (token_tree "unsafe" @unsafe)]""",
    where=Where.PRODUCTION,
    lint="clippy::restriction",
)
def undocumented_unsafe_blocks(match: Match) -> Iterator[Hit]:
    """Find unsafe blocks and impls with no `SAFETY:` comment before, in or beside them."""
    unit, node = match.unit, match["unsafe"]
    end = _end_of_tokens(unit, node) if node.type == "unsafe" else node
    if end is None:
        return
    text = unit.source[node.start_byte : end.end_byte]
    if _is_inside_another(unit, node) or _says_why(unit, node, text) or _continues_another(unit, node):
        return
    kind = "impl" if text[len(b"unsafe") :].lstrip().startswith(b"impl") else "block"
    message, severity = f"Nothing says why this unsafe {kind} is sound", None
    if next(_lines_above(unit, node.start_byte), b""):
        # Somebody has explained something here; whether it is this, only a person can tell.
        message, severity = f"The comment above this unsafe {kind} is not marked as its reason", Severity.INFO
    advice = "Put a `// SAFETY:` comment above it that names what makes it hold."
    body = end.child_by_field_name("body")
    stop = body.start_byte if body else node.start_byte + len(b"unsafe")
    yield Hit(node.start_byte, stop, message, advice, severity)


def _end_of_tokens(unit: Unit, keyword: "Node") -> "Node | None":
    """Return the token after an `unsafe` among tokens that ends a block or begins an impl; None for functions.

    Goes by the text: to ask the tree for a sibling takes time by their number.
    """
    after = _BLOCK_OR_IMPL.match(unit.source, keyword.end_byte)
    if after is None:
        return None
    token = unit.root.descendant_for_byte_range(after.start(1), after.end(1))
    return token.parent if token is not None and token.type == "{" else token


def _is_inside_another(unit: Unit, node: "Node") -> bool:
    return unit.around(node, frozenset({"unsafe_block"}), frozenset({"function_item"})) is not None


def _continues_another(unit: Unit, node: "Node") -> bool:
    """Tell whether an unsafe impl stands right below another, as `Sync` below `Send`: one remark will do."""
    before = node.prev_named_sibling if node.type == "impl_item" else None
    return (
        before is not None
        and before.type == "impl_item"
        and before.end_point.row + 1 == node.start_point.row
        and unit.text(before).startswith(b"unsafe")
        and _says_why(unit, before, unit.text(before))
    )


def _says_why(unit: Unit, node: "Node", text: bytes) -> bool:
    """Look for the comment inside the block, on its line, and above what it is part of, up to the statement."""
    line_end = unit.source.find(b"\n", node.start_byte, node.start_byte + _LONG_LINE)
    if _SAFETY.search(text) or _SAFETY.search(unit.source, node.start_byte, max(line_end, 0)):
        return True
    if _is_said_beside(unit.source, node.start_byte) or _is_said_above(unit, node.start_byte):
        return True
    while node.parent is not None and node.parent.type not in _STATEMENTS:
        if node.parent.type in _TOKENS and _is_said_above(unit, _statement(unit.source, node.start_byte)):
            return True
        if node.parent.type in ("macro_rule", "macro_definition"):
            return False
        node = node.parent
        if _is_said_above(unit, node.start_byte):
            return True
    return False


def _statement(source: bytes, at: int) -> int:
    """Return where the line begins that a statement among tokens begins on, as far as its lines show."""
    start = source.rfind(b"\n", 0, at) + 1
    for _ in range(_MOST_LINES):
        previous = source.rfind(b"\n", 0, max(start - 1, 0)) + 1
        line = source[previous : max(start - 1, 0)].strip()
        if not line or line.endswith(_ENDS) or line.startswith((b"//", b"/*", b"*")):
            break
        start = previous
    return start


def _is_said_beside(source: bytes, at: int) -> bool:
    """Look for the comment between a block and what is before it on its line, or the line before that it goes on."""
    start = source.rfind(b"\n", 0, at) + 1
    if source[start:at].strip():
        return _BESIDE.search(source, max(start, at - _LONG_LINE), at) is not None
    above = source[source.rfind(b"\n", 0, max(start - 1, 0)) + 1 : max(start - 1, 0)]
    found = _BESIDE.search(above)
    return found is not None and above[: found.start()].rstrip().endswith(_OPEN)


def _is_said_above(unit: Unit, at: int) -> bool:
    return any(_SAFETY.search(line) for line in _lines_above(unit, at))


def _lines_above(unit: Unit, at: int) -> Iterator[bytes]:
    """Yield the comment lines above the line of a byte, nearest first; there may be empty lines between."""
    line_start = unit.source.rfind(b"\n", 0, at)
    for _ in range(_MOST_LINES):
        if line_start <= 0:
            break
        previous = unit.source.rfind(b"\n", 0, line_start)
        line = unit.source[previous + 1 : line_start].strip()
        if line and not line.startswith((b"//", b"/*", b"*", b"#[")):
            break
        if line and not line.startswith(b"#["):
            yield line
        line_start = previous
