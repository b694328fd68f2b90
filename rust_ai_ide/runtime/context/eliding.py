"""Rust items made short: bodies, long values, comments and attributes left out so that what remains still parses.

A body becomes `{ .. }` and a long value `..`: both are Rust, the full range, and cost a model few tokens.
"""

import re
from bisect import bisect_left
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tree_sitter import Node

PATTERNS = """
(function_item body: (block) @body)
(const_item value: (_) @value)
(static_item value: (_) @value)
(macro_rule right: (token_tree) @body)
[(attribute_item) (inner_attribute_item)] @attribute
[(line_comment) (block_comment)] @comment
"""
"""Which nodes are left out, as queries with the captures that `Eliding` takes."""

LONGEST_VALUE = 40
LONGEST_LIST = 1_000
"""A struct, enum, trait or macro longer than this, in bytes, loses its last fields, variants, functions or rules."""
LONGEST_SENTENCE = 160

_BODY, _VALUE, _REST = b"{ .. }", b"..", b"/* .. */ "
_LISTS = frozenset({"field_declaration_list", "enum_variant_list", "declaration_list"})
_SPACE = re.compile(rb"\s+")
_OPENING = re.compile(rb"([(\[]) ")
_CLOSING = re.compile(rb",? ([)\]])")
_DOC_MARK = re.compile(r"^\s*(?://[/!]|/\*[*!]|\*/|\*(?!\*))?\s?|\*/\s*$")
_SENTENCE_END = re.compile(r"[.!?](?=\s|$)")


class Eliding:
    """The cuts to make in one parsed file."""

    def __init__(self, source: bytes, captures: "dict[str, list[Node]]") -> None:
        self._source = source
        cuts = [(node.start_byte, node.end_byte, _BODY) for node in captures.get("body", ())]
        cuts += [
            (node.start_byte, node.end_byte, _VALUE)
            for node in captures.get("value", ())
            if node.end_byte - node.start_byte > LONGEST_VALUE
        ]
        for name in ("attribute", "comment"):
            # The grammar gives a line of documentation its line break.
            cuts += [
                (node.start_byte, node.end_byte, b"\n" if source[node.end_byte - 1] == 10 else b" ")
                for node in captures.get(name, ())
            ]
        # What a cut puts in place must never be longer than what it takes out.
        self._cuts = sorted(
            (cut for cut in cuts if cut[1] - cut[0] > len(cut[2])), key=lambda cut: (cut[0], -cut[1])
        )
        self._starts = [cut[0] for cut in self._cuts]

    def item(self, node: "Node") -> str:
        """Return an item on as few lines as it can be read on."""
        start, end = node.start_byte, node.end_byte
        tail = self._tail(node) if end - start > LONGEST_LIST else None
        text = self._cut(start, end, tail)
        if node.type in ("struct_item", "enum_item", "union_item", "trait_item", "macro_definition"):
            return _lines(text, self._indentation(start))
        return _line(text)

    def head(self, node: "Node") -> str:
        """Return an impl, trait or module without its body."""
        body = node.child_by_field_name("body")
        return _line(self._cut(node.start_byte, body.start_byte if body else node.end_byte, None))

    def _cut(self, start: int, end: int, tail: tuple[int, int, bytes] | None) -> bytes:
        parts, at = [], start
        cuts = self._cuts[bisect_left(self._starts, start) : bisect_left(self._starts, end)]
        if tail:
            cuts = [*(cut for cut in cuts if cut[0] < tail[0]), tail]
        for first, last, instead in cuts:
            if first >= at and last <= end:
                parts += [self._source[at:first], instead]
                at = last
        parts.append(self._source[at:end])
        return b"".join(parts)

    def _tail(self, node: "Node") -> tuple[int, int, bytes] | None:
        """Return the cut that takes the last entries of a long list, so that the first ones remain."""
        body = node if node.type == "macro_definition" else node.child_by_field_name("body")
        if body is None or (body is not node and body.type not in _LISTS):
            return None
        closing = next((child for child in reversed(body.children) if child.type in ("}", ")", "]")), None)
        if closing is None:
            return None
        entries = [child for child in body.named_children if child.type not in ("identifier", "metavariable")]
        for entry in entries:
            kept = self._cut(node.start_byte, entry.end_byte, None)
            if len(kept) > LONGEST_LIST and closing.start_byte - entry.start_byte > len(_REST):
                return entry.start_byte, closing.start_byte, _REST
        return None

    def _indentation(self, start: int) -> int:
        line = self._source[self._source.rfind(b"\n", 0, start) + 1 : start]
        return len(line) - len(line.lstrip())


def first_sentence(comment: str) -> str:
    """Return the first sentence of a documentation comment, without its marks and at most 160 characters long."""
    words: list[str] = []
    for line in comment.splitlines():
        text = _DOC_MARK.sub("", line).strip()
        if not text and words:
            break
        if text:
            words += text.split()
    paragraph = " ".join(words)
    end = _SENTENCE_END.search(paragraph)
    sentence = paragraph[: end.end()] if end else paragraph
    if len(sentence) > LONGEST_SENTENCE:
        sentence = sentence[:LONGEST_SENTENCE].rpartition(" ")[0] or sentence[:LONGEST_SENTENCE]
    return sentence


def _line(text: bytes) -> str:
    # White space in a string is part of the program, so an item with a string stays as it is written.
    if b'"' not in text:
        text = _SPACE.sub(b" ", text)
        text = _CLOSING.sub(rb"\1", _OPENING.sub(rb"\1", text))
    return text.strip().decode("utf-8", "replace")


def _lines(text: bytes, indentation: int) -> str:
    if b'"' not in text:
        lines = (line.rstrip() for line in text.split(b"\n"))
        text = b"\n".join(_dedented(line, indentation) for line in lines if line)
    return text.strip().decode("utf-8", "replace")


def _dedented(line: bytes, indentation: int) -> bytes:
    inside = line.lstrip()
    return line[min(indentation, len(line) - len(inside)) :]
