"""Opens macros that only wrap items, like `cfg_if!`, so that what is inside parses as the items it is."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tree_sitter import Node

Span = tuple[int, int]

MODULES_OR_USES = re.compile(rb"\b(?:mod|use)\s")
_NOT_LINE_ENDS = re.compile(rb"[^\n]")


def macro_bodies(
    node: "Node", wanted: "re.Pattern[bytes]" = MODULES_OR_USES
) -> Iterator[tuple[int, int, list[Span]]]:
    """Yield the span of a macro that wraps items, like `cfg_if!`, with the parts in it that are no items.

    Only macros whose text has something `wanted` in it are opened.
    """
    body = node.named_children[-1] if node.named_children else None
    if body is None or body.type != "token_tree" or not wanted.search(body.text or b""):
        return
    start, end = node.start_byte, node.end_byte
    first = body.children[1] if len(body.children) > 2 else None
    if first is None or not (body.text or b"").startswith(b"{"):
        return
    if first.type != "if":
        yield start, end, [(start, body.start_byte + 1), (body.end_byte - 1, end)]
        return
    # if #[cfg(…)] { items } else { items }: all but the insides of the braces goes.
    noise, place = [], start
    for child in body.children:
        if child.type == "token_tree" and (child.text or b"").startswith(b"{"):
            noise.append((place, child.start_byte + 1))
            place = child.end_byte - 1
    yield start, end, [*noise, (place, end)]


def unwrapped(source: bytes, wrapped: list[tuple[int, int, list[Span]]]) -> bytes:
    """Blank what is around the items, so that they parse where they stand."""
    changed = bytearray(source)
    for _, _, noise in wrapped:
        for start, end in noise:
            changed[start:end] = _NOT_LINE_ENDS.sub(b" ", source[start:end])
    return bytes(changed)
