"""Finds the places of a repository that a question is about. They are found, not written: no model is needed."""

from dataclasses import dataclass

import numpy as np

from rust_ai_ide.runtime.context.bm25 import bm25
from rust_ai_ide.runtime.context.focus import focus_of_question
from rust_ai_ide.runtime.context.fusing import fused, ranked, reasons_of
from rust_ai_ide.runtime.context.graph import page_rank, shares_from
from rust_ai_ide.runtime.context.index import Floats, RepositoryIndex
from rust_ai_ide.runtime.context.pieces import Reason
from rust_ai_ide.runtime.context.words import subwords

FILLING = frozenset({"use", "doc"})
"""Kinds that are about definitions elsewhere."""
LIKE_A_DEFINITION = 0.5
MINOR = 0.5

_WEIGHTS = {Reason.NAME: 1.0, Reason.WORDS: 2.0, Reason.REFERENCES: 0.5}


@dataclass(frozen=True, slots=True)
class Place:
    """A place that was found. `lines` are the first and the last, counted from 1, the documentation included.

    `snippet` is the item without its body, `why` says what it was found by.
    """

    path: str
    lines: tuple[int, int]
    kind: str
    name: str
    snippet: str
    why: str
    score: float


def retrieve_places(index: RepositoryIndex, question: str, limit: int = 10) -> list[Place]:
    """Return the places that fit a question in words or identifiers, the best first, definitions before the rest."""
    focus = focus_of_question(question)
    if not index.definitions or not focus.names:
        return []
    weights = np.array(
        [
            (LIKE_A_DEFINITION if one.kind in FILLING or one.kind == "text" else 1.0) * bool(one.signature)
            for one in index.definitions
        ]
    ) * np.where(index.is_test | index.of_trait, MINOR, 1.0)
    named = _named(index, set(focus.names), set(focus.parts))
    worded = bm25(index, focus.names, focus.parts)
    if not named.any() and not worded.any():
        return []
    shares = shares_from(index, -1, {}, in_tests=False)
    walked = page_rank(index, shares, worded + named, focus.names)
    # Being referred to recommends a place that has the words; alone it says nothing about the question.
    walked = walked * ((named > 0) | (worded > 0))
    rankings = {
        Reason.NAME: named * weights,
        Reason.WORDS: worded * weights,
        Reason.REFERENCES: walked * weights,
    }
    scores = fused(rankings, _WEIGHTS)
    return [
        _place(index, int(number), float(scores[number]), reasons_of(rankings, int(number)))
        for number in ranked(scores)[:limit]
    ]


def _named(index: RepositoryIndex, words: set[str], parts: set[str]) -> Floats:
    """Return how well names fit: how much of the name the question says, squared, and of the question the name.

    The name of the type or trait around helps to cover the question. The very identifier fits better than any.
    """
    scores = np.zeros(len(index.definitions))
    for number, one in enumerate(index.definitions):
        if one.kind in FILLING or not one.name:
            continue
        own = set(subwords(one.name))
        said = own & parts
        if said:
            covered = said | (set(subwords(one.owner)) & parts)
            scores[number] = (len(said) / len(own)) ** 2 * len(covered) / len(parts) + (one.name in words)
    return scores


def _place(index: RepositoryIndex, number: int, score: float, reasons: tuple[Reason, ...]) -> Place:
    one = index.definitions[number]
    snippet = f"/// {one.doc}\n{one.signature}" if one.doc and one.kind != "doc" else one.signature
    lines = (one.first_line, one.last_line)
    return Place(index.path_of(number), lines, one.kind, one.name, snippet, ", ".join(reasons), score)
