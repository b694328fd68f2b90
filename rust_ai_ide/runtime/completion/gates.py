"""What a proposal must pass before it is shown: it keeps the syntax, stays on its line and repeats nothing."""

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import TYPE_CHECKING, NamedTuple

from rust_ai_ide.source.syntax.languages import grammar
from rust_ai_ide.source.syntax.parsing import NotAnalysable, parse_rust

if TYPE_CHECKING:
    from tree_sitter import Node, Query

WINDOW = 16_000
"""Characters on each side of the cursor that are parsed at most: the items around it, as far as they reach."""
LONGEST_PROPOSAL = 4_000

_ITEM = re.compile(
    r"^(?:pub|fn|impl|struct|enum|union|trait|mod|unsafe|async|const|static|type|macro_rules|use|extern|#\[|///)",
    re.MULTILINE,
)
_TOKEN = re.compile(
    r"//[^\n]*|/\*.*?\*/|r(#*)\".*?\"\1|\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.[^']*)'|([(\[{])|([)\]}])",
    re.DOTALL,
)
_CLOSING = {"(": ")", "[": "]", "{": "}"}
_NAMES = ("", "x")
_HEADS = (" {}", "x {}", "x() {}", "() {}", ": x,", "x: x,")
"""What makes an item or a field of a name that has only begun."""


class _Damage(NamedTuple):
    """What cannot be parsed: places within the inserted text, in all, and those that touch it."""

    inside: int = 0
    places: int = 0
    touching: int = 0


def keeps_syntax(before: str, proposal: str, after: str) -> bool:
    """Tell whether a proposal at the cursor breaks no syntax that could hold there.

    What is half typed is completed in the plainest ways, by a name, by a semicolon, by closing its brackets; a proposal
    is completed in the same ways, since the user goes on from there, and must then parse as well as the best of them.
    Code that cannot be parsed anyway says nothing against a proposal; one that makes it so is refused, as is one of
    more than 4,000 characters.
    """
    if len(proposal) > LONGEST_PROPOSAL:
        return False
    start, end = before[-WINDOW:], after[:WINDOW]
    items = list(_ITEM.finditer(start))
    start = start[items[-1].start() :] if items else start
    following = _ITEM.search(end, 1) if end else None
    end = end[: following.start()] if following else end
    if _closes_too_much(start, proposal):
        return False
    found = _least_damage(start, proposal, end)
    if found == _Damage():
        return True
    known = _least_damage(start, "", end)
    if known is None or found is None:
        return known is None
    return not found.inside and found.places <= known.places and found.touching <= known.touching


def trim_to_line(proposal: str) -> str:
    """Return the first line of a proposal, without its line break and the spaces before it."""
    return proposal.partition("\n")[0].rstrip()


def drop_overlap_with_suffix(proposal: str, after: str) -> str:
    """Return a proposal without the end that stands after the cursor anyway.

    A closing bracket is only dropped where the proposal did not open it itself: `a)` before `)` becomes `a`, while
    `f(a)` before `)` stays.
    """
    rest = after.partition("\n")[0].rstrip()
    for length in range(min(len(rest), len(proposal)), 0, -1):
        kept = proposal[:-length]
        if proposal.endswith(rest[:length]) and not unclosed(kept):
            return kept
    return proposal


def unclosed(text: str) -> str:
    """Return the brackets that close what a piece of code leaves open, those in strings and comments apart."""
    return _brackets(text)[0]


def _brackets(text: str) -> tuple[str, list[int]]:
    """Return the brackets that a text lacks at its end, and where it closes one that it did not open last."""
    waiting: list[str] = []
    unopened = []
    for match in _TOKEN.finditer(text):
        if match[2]:
            waiting.append(_CLOSING[match[2]])
        elif match[3] and waiting and waiting[-1] == match[3]:
            waiting.pop()
        elif match[3]:
            unopened.append(match.start())
    return "".join(reversed(waiting)), unopened


def _closes_too_much(start: str, proposal: str) -> bool:
    """Tell whether a proposal closes a bracket that is not open, where all others match."""
    wrong = _brackets(start + proposal)[1]
    return bool(wrong) and wrong[0] >= len(start)


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "replace")


@cache
def _query() -> "Query":
    from tree_sitter import Query

    return Query(grammar("rust"), "[(ERROR) (MISSING)] @error")


@lru_cache(maxsize=8)
def _least_damage(start: str, proposal: str, end: str) -> _Damage | None:
    """Return what is broken however a proposal is completed; None where nothing can be parsed."""
    least: _Damage | None = None
    for ending in _endings(start + proposal, end):
        found = _damage(start, f"{proposal}{ending}", end)
        if found is not None and (least is None or found < least):
            least = found
        if found == _Damage():
            break
    return least


def _endings(text: str, end: str) -> Iterator[str]:
    """Yield the plainest ways to complete a text, so that `end` can follow."""
    closing = _missing(text, end)
    for name in _NAMES:
        for closed in dict.fromkeys(("", closing)):
            for stop in ("", ";"):
                yield f"{name}{closed}{stop}"
    yield from (f"{closing}{more}" for more in _HEADS)


def _missing(text: str, end: str) -> str:
    """Return the brackets that a text leaves open and `end` does not close."""
    closing = unclosed(text)
    closed = "".join(end[place] for place in _brackets(end)[1])
    for length in range(len(closing) + 1):
        if closed.startswith(closing[length:]):
            return closing[:length]
    return closing


def _damage(start: str, inserted: str, end: str) -> _Damage | None:
    first, last = len(_bytes(start)), len(_bytes(start)) + len(_bytes(inserted))
    try:
        errors = _errors(_bytes(f"{start}{inserted}{end}"))
    except NotAnalysable:
        return None
    touching = [one for one in errors if one[0] <= last and one[1] >= first]
    inside = [one for one in touching if one[0] >= first and one[1] <= last]
    return _Damage(len(inside), len(errors), len(touching))


def _errors(source: bytes) -> list[tuple[int, int]]:
    """Return where a source text could not be parsed. Raises a NotAnalysable."""
    from tree_sitter import QueryCursor

    root = parse_rust(source).root_node
    if not root.has_error:
        return []
    nodes: list[Node] = QueryCursor(_query()).captures(root).get("error", [])
    return [(node.start_byte, node.end_byte) for node in nodes]
