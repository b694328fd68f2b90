"""Parse Rust and TOML without letting a hostile file take the process down."""

import time
from array import array
from itertools import accumulate
from typing import TYPE_CHECKING

from rust_ai_ide.errors import RustAiIdeError
from rust_ai_ide.source.syntax.languages import grammar

if TYPE_CHECKING:
    from tree_sitter import Parser, Tree

MAX_BYTES = 4 * 1024 * 1024
MAX_DEPTH = 1_000
MAX_SECONDS = 3.0

# Error recovery can take quadratic time. That shows in large files, and in those where brackets nest or one
# stretch of code runs long without a separator, judged by the product of the two.
_LARGE = 512 * 1024
_SUSPICIOUS = 8_000

# A probe costs time by the width of the tree, so in a tree of more nodes than this a walk is quicker.
_WALKED = 300_000

_OPENING, _CLOSING, _SEPARATORS = b"([{", b")]}", b";,{}"
_TO_STEPS = bytes(1 if b in _OPENING else 255 if b in _CLOSING else 0 for b in range(256))
_NOT_BRACKETS = bytes(b for b in range(256) if b not in _OPENING + _CLOSING)
_TO_SEPARATOR = bytes(0x3B if b in _SEPARATORS else b for b in range(256))


class NotAnalysable(RustAiIdeError):
    """A file that is not parsed, with the reason as its message."""


class NestedTooDeeply(NotAnalysable):
    """The code nests deeper than any reader, and deeper than the parser can be trusted with."""


class SourceTooLarge(NotAnalysable):
    """The file is larger than what is parsed."""


class TookTooLong(NotAnalysable):
    """The parser made no end of the file in the time it is given."""


class NotText(NotAnalysable):
    """The file holds NUL bytes, so it is a binary file whatever its name says."""


def parse(source: bytes, language: str) -> "Tree":
    """Return the syntax tree of a source text in "rust" or "toml".

    Bytes that are not UTF-8 are parsed as they are and come out as error nodes. Raises a NotAnalysable:
    SourceTooLarge, NotText, TookTooLong or NestedTooDeeply.
    """
    from tree_sitter import Parser

    if len(source) > MAX_BYTES:
        raise SourceTooLarge(
            f"The file has {len(source) / 1e6:.1f} MB; files over {MAX_BYTES / 1e6:.1f} MB are not parsed."
        )
    if b"\0" in source:
        raise NotText("The file holds NUL bytes: it is a binary file, not source text.")
    parser = Parser(grammar(language))
    if len(source) > _LARGE or _is_suspicious(source):
        _rehearse(parser, source)
    tree = parser.parse(source)
    if _may_be_deeper_than(tree, MAX_DEPTH) and _is_deeper_than(tree, MAX_DEPTH):
        raise NestedTooDeeply(f"The code nests more than {MAX_DEPTH:,} levels deep, so it is not analysed.")
    return tree


def parse_rust(source: bytes) -> "Tree":
    """Return the syntax tree of a Rust source text; raises as `parse` does."""
    return parse(source, "rust")


def _rehearse(parser: "Parser", source: bytes) -> None:
    """Parse once under a time limit: tree-sitter offers one only for text that it asks for piece by piece.

    That tree cannot answer for its text, so a file that passes is parsed again as a whole.
    """
    end = time.monotonic() + MAX_SECONDS
    try:
        parser.parse(
            lambda at, _point: source[at : at + 65_536],
            progress_callback=lambda _at, _failed: time.monotonic() > end,
        )
    except ValueError as error:  # what an interrupted parse raises
        raise TookTooLong(
            f"The file could not be parsed within {MAX_SECONDS:.0f} seconds, so it is not analysed."
        ) from error


def _is_suspicious(source: bytes) -> bool:
    steps = array("b", source.translate(_TO_STEPS, _NOT_BRACKETS))
    nesting = max(accumulate(steps), default=0)
    longest = max(map(len, source.translate(_TO_SEPARATOR).split(b";")))
    return max(nesting, 1) * longest > _SUSPICIOUS


def _may_be_deeper_than(tree: "Tree", limit: int) -> bool:
    """Probe the tree at regular distances.

    A tree deeper than the limit has a node at half of it with at least as many nodes below. In the order
    of the text these follow one another, so probes that are closer than that cannot miss them all.
    """
    half, count = limit // 2, tree.root_node.descendant_count
    if count > _WALKED:
        return True
    cursor = tree.walk()
    for index in range(0, count, half - 1):
        cursor.goto_descendant(index)
        if cursor.depth >= half:
            return True
    return False


def _is_deeper_than(tree: "Tree", limit: int) -> bool:
    """Walk the whole tree with a cursor: recursion would fail on exactly the trees that are looked for."""
    cursor = tree.walk()
    depth = 0
    while True:
        if cursor.goto_first_child():
            depth += 1
            if depth > limit:
                return True
            continue
        while not cursor.goto_next_sibling():
            if not cursor.goto_parent():
                return False
            depth -= 1
