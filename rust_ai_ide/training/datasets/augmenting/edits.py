"""Changes of a text by byte ranges."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from rust_ai_ide.source.syntax.languages import grammar

if TYPE_CHECKING:
    from tree_sitter import Node, Query


@dataclass(frozen=True, slots=True, order=True)
class Edit:
    """Puts `text` in the place of the bytes from `start` to `end`."""

    start: int
    end: int
    text: bytes


def apply(source: bytes, edits: Iterable[Edit]) -> bytes:
    """Return the text with all edits done; of edits that overlap the first is done alone."""
    parts, at = [], 0
    for edit in sorted(edits):
        if edit.start < at:
            continue
        parts += [source[at : edit.start], edit.text]
        at = edit.end
    return b"".join([*parts, source[at:]])


@cache
def _query(pattern: str) -> "Query":
    from tree_sitter import Query

    return Query(grammar("rust"), pattern)


def nodes(root: "Node", pattern: str) -> "list[Node]":
    """Return what the captures of a pattern found, in the order of the text."""
    from tree_sitter import QueryCursor

    captured = QueryCursor(_query(pattern)).captures(root)
    return sorted((node for found in captured.values() for node in found), key=lambda node: node.start_byte)


def around(node: "Node") -> "Iterator[Node]":
    """Yield the nodes around a node, the innermost first."""
    parent = node.parent
    while parent is not None:
        yield parent
        parent = parent.parent


def text_of(node: "Node") -> str:
    """Return the text of a node."""
    return (node.text or b"").decode("utf-8")
