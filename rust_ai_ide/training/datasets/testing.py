"""Finds the tests in a file, and takes them out."""

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tree_sitter import Node, Tree

_MARK = re.compile(rb"#\[\s*(?:cfg\(\s*(?:all\(\s*)?test\b|(?:\w+::)*\w*test\b|bench\b|rstest\b)")
_ABOUT = ("attribute_item", "line_comment", "block_comment")
_FOLDERS = re.compile(
    r"(?:^|/)(?:tests?|benches|fixtures|testdata)/|(?:^|/)(?:tests?|test_\w+|\w+_tests?)\.rs$"
)


def is_test_path(path: str) -> bool:
    """Tell whether a file is a test by where it lies or how it is called."""
    return _FOLDERS.search(path) is not None


def test_spans(source: bytes, tree: "Tree") -> list[tuple[int, int]]:
    """Return the byte ranges of the items of the file that are tests, with their attributes and comments."""
    if not _MARK.search(source):
        return []
    spans: list[tuple[int, int]] = []
    start: int | None = None
    is_test = False
    for node in tree.root_node.named_children:
        if node.type in _ABOUT:
            start = node.start_byte if start is None or _is_apart(source, node) else start
            is_test = is_test or _MARK.match(node.text or b"") is not None
            continue
        if is_test:
            spans.append((start if start is not None else node.start_byte, node.end_byte))
        start, is_test = None, False
    return spans


def without(source: bytes, spans: list[tuple[int, int]]) -> bytes:
    """Cut byte ranges out of a text, with the empty lines that they leave behind."""
    parts, at = [], 0
    for start, end in spans:
        parts.append(source[at:start].rstrip(b" \t\n") + b"\n")
        at = end
    rest = source[at:].lstrip(b" \t\n") if spans else source
    return b"\n".join(part for part in (*parts, rest) if part.strip())


def _is_apart(source: bytes, node: "Node") -> bool:
    """Tell whether an empty line stands before a comment, so that it does not belong to what is above it."""
    before = source[: node.start_byte].rstrip(b" \t")
    return node.type != "attribute_item" and before.endswith(b"\n\n")
