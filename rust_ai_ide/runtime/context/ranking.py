"""Ranks all definitions of a repository for a request, each way there is, and fuses the rankings."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from rust_ai_ide.runtime.context.bm25 import bm25
from rust_ai_ide.runtime.context.focus import Cursor, Focus
from rust_ai_ide.runtime.context.fusing import Rankings, fused
from rust_ai_ide.runtime.context.graph import page_rank, reached, shares_from
from rust_ai_ide.runtime.context.index import Floats, Mask, RepositoryIndex
from rust_ai_ide.runtime.context.pieces import Reason

OPEN_FILE = 50.0
"""Walks begin in the open file this many times as often as in all other files together."""
ENCLOSING = 10.0
"""And in the function around the cursor this many times as often as in another one of the file."""

WEIGHTS: Mapping[Reason, float] = {Reason.USED: 3.0}


@dataclass(frozen=True, slots=True)
class Ranking:
    """The fused score of every definition, and the rankings it comes from."""

    scores: Floats
    by_reason: Rankings


def rank(
    index: RepositoryIndex,
    focus: Focus,
    recent: Sequence[str] = (),
    cursor: Cursor | None = None,
    weights: Mapping[Reason, float] = WEIGHTS,
) -> Ranking:
    """Rank every definition. `recent` are paths of changed files, the latest first.

    What the prompt shows already has the score 0: the definitions of the open file that lie in `cursor.shown`.
    """
    count = len(index.definitions)
    if not count:
        return Ranking(np.zeros(0), {})
    file = index.paths.index(cursor.path) if cursor is not None and cursor.path in index.paths else -1
    in_open = index.file_of == file
    shares = shares_from(index, file, focus.imported, in_tests=_is_in_test(index, cursor, in_open))
    used = reached(index, shares, focus.names)
    start = _start(index, used, in_open, cursor)
    walked = page_rank(index, shares, start, focus.names)
    by_reason = {
        # Among what is used alike, what more leads to is first.
        Reason.USED: used * (1 + walked / walked.max()),
        Reason.REFERENCES: walked,
        Reason.RECENT: _recency(index, recent) * walked,
        Reason.WORDS: bm25(index, focus.names, focus.parts),
    }
    offered = np.array([bool(one.signature) for one in index.definitions]) & ~_shown(index, in_open, cursor)
    by_reason = {reason: scores * offered for reason, scores in by_reason.items()}
    return Ranking(fused(by_reason, weights), by_reason)


def enclosing(index: RepositoryIndex, cursor: Cursor) -> int | None:
    """Return the number of the innermost definition around a cursor."""
    if cursor.path not in index.paths:
        return None
    at = len(cursor.text[: cursor.offset].encode("utf-8", "surrogatepass"))
    around = [
        int(number)
        for number in np.flatnonzero(index.file_of == index.paths.index(cursor.path))
        if index.definitions[number].start <= at <= index.definitions[number].end
        and index.definitions[number].kind not in ("use", "doc")
    ]
    return min(
        around,
        key=lambda number: index.definitions[number].end - index.definitions[number].start,
        default=None,
    )


def _is_in_test(index: RepositoryIndex, cursor: Cursor | None, in_open: Mask) -> bool:
    """Tell whether the cursor stands in test code, or nowhere in a file that has some."""
    around = enclosing(index, cursor) if cursor is not None else None
    return bool(index.is_test[around] if around is not None else index.is_test[in_open].any())


def _start(
    index: RepositoryIndex,
    used: Floats,
    in_open: Mask,
    cursor: Cursor | None,
) -> Floats:
    """Return where walks begin: in the open file, above all at the cursor, or else at what a question names."""
    everywhere = np.full(len(used), 1 / len(used))
    if not in_open.any():
        return everywhere + (OPEN_FILE * used / used.sum() if used.any() else 0)
    inside = in_open.astype(float)
    around = enclosing(index, cursor) if cursor is not None else None
    if around is not None:
        inside[around] = ENCLOSING
    start: Floats = everywhere + OPEN_FILE * inside / inside.sum()
    return start


def _recency(index: RepositoryIndex, recent: Sequence[str]) -> Floats:
    place = {path: number for number, path in reversed(list(enumerate(recent, 1)))}
    by_file = np.array([1 / place[path] if path in place else 0.0 for path in index.paths])
    recency: Floats = by_file[index.file_of]
    return recency


def _shown(index: RepositoryIndex, in_open: Mask, cursor: Cursor | None) -> Mask:
    """Tell of each definition whether the prompt shows any of it."""
    if cursor is None or cursor.shown is None:
        return in_open
    first, last = (len(cursor.text[:at].encode("utf-8", "surrogatepass")) for at in cursor.shown)
    shown = np.zeros(len(in_open), bool)
    for number in np.flatnonzero(in_open):
        one = index.definitions[number]
        shown[number] = one.start < last and first < one.end
    return shown
