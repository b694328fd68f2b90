"""Builds the context of a completion or of a question: rank, shorten, fit."""

from collections.abc import Sequence

import numpy as np

from rust_ai_ide.runtime.context.facts import Definition
from rust_ai_ide.runtime.context.fitting import Candidate, fit
from rust_ai_ide.runtime.context.focus import Cursor, Focus, focus_of_cursor, focus_of_question
from rust_ai_ide.runtime.context.fusing import reasons_of
from rust_ai_ide.runtime.context.gathering import facts_of
from rust_ai_ide.runtime.context.index import RepositoryIndex
from rust_ai_ide.runtime.context.pieces import Context, CountTokens, Piece, body_lines
from rust_ai_ide.runtime.context.ranking import Ranking, enclosing, rank
from rust_ai_ide.source.isolation import IsolatedWorker

CANDIDATE_TOKENS = 128_000
"""So much of a repository, before it is shortened, is considered for one context."""
BYTES_A_TOKEN = 3.4
"""Of Rust, with vocabularies of 16,000 tokens; only the size of the candidates is estimated by it."""


def context_for(
    index: RepositoryIndex,
    cursor: Cursor,
    budget: int,
    count_tokens: CountTokens,
    recent: Sequence[str] = (),
    worker: IsolatedWorker | None = None,
) -> Context:
    """Return what of a repository is shown to a model that completes at a cursor, in at most `budget` tokens.

    `recent` are the paths of files that were edited, the latest first. With a `worker` the open file is parsed in a
    child of it. Whatever the text holds, no error is raised for it.
    """
    index = _with_open(index, cursor, worker)
    around = enclosing(index, cursor)
    focus = focus_of_cursor(cursor, index.definitions[around] if around is not None else None)
    return context_of(index, rank(index, focus, recent, cursor), focus, budget, count_tokens)


def context_for_question(
    index: RepositoryIndex,
    question: str,
    budget: int,
    count_tokens: CountTokens,
    cursor: Cursor | None = None,
    recent: Sequence[str] = (),
    worker: IsolatedWorker | None = None,
) -> Context:
    """Return what of a repository is shown to a model that is asked a question, while a file is open or not."""
    if cursor is not None:
        index = _with_open(index, cursor, worker)
    focus = focus_of_question(question)
    return context_of(index, rank(index, focus, recent, cursor), focus, budget, count_tokens)


def _with_open(index: RepositoryIndex, cursor: Cursor, worker: IsolatedWorker | None) -> RepositoryIndex:
    source = cursor.text.encode("utf-8", "surrogatepass")
    return index.with_file(cursor.path, facts_of(cursor.path, source, worker))


def context_of(
    index: RepositoryIndex, ranking: Ranking, focus: Focus, budget: int, count_tokens: CountTokens
) -> Context:
    """Return the context that a ranking makes: the best candidates, shortened and fitted into the budget."""
    chosen: list[int] = []
    size = 0
    for number in np.argsort(-ranking.scores, kind="stable"):
        if ranking.scores[number] <= 0:
            break
        one = index.definitions[number]
        tokens = max(1, round((one.end - one.start) / BYTES_A_TOKEN))
        if size + tokens > CANDIDATE_TOKENS:
            break
        chosen.append(int(number))
        size += tokens
    holders = _holders(index, chosen)
    candidates = [
        _candidate(index, ranking, focus, number, holders.get(number, ()), count_tokens) for number in chosen
    ]
    return fit(candidates, budget, count_tokens, size)


def _candidate(
    index: RepositoryIndex,
    ranking: Ranking,
    focus: Focus,
    number: int,
    within: tuple[int, ...],
    count_tokens: CountTokens,
) -> Candidate:
    one = index.definitions[number]
    text = f"/// {one.doc}\n{one.signature}" if one.doc and one.kind != "doc" else one.signature
    piece = Piece(
        path=index.path_of(number),
        lines=(one.first_line, one.last_line),
        kind=one.kind,
        name=one.name,
        container=one.container,
        text=text,
        tokens=count_tokens("".join(f"{line}\n" for line in body_lines(one.kind, text))),
        score=float(ranking.scores[number]),
        reasons=reasons_of(ranking.by_reason, number),
        is_stable=one.name in focus.imported,
    )
    return Candidate(piece, one.signature if text != one.signature else "", (one.start, one.end), within)


def _holders(index: RepositoryIndex, chosen: list[int]) -> dict[int, tuple[int, ...]]:
    """Return for the functions of a trait the place of the trait among the chosen, which shows them all."""
    traits = {
        (index.file_of[number], index.definitions[number].name): place
        for place, number in enumerate(chosen)
        if index.definitions[number].kind == "trait"
    }
    found: dict[int, tuple[int, ...]] = {}
    for number in chosen:
        one = index.definitions[number]
        trait = traits.get((index.file_of[number], one.owner))
        if trait is not None and _holds(index.definitions[chosen[trait]], one):
            found[number] = (trait,)
    return found


def _holds(outer: Definition, inner: Definition) -> bool:
    return outer.start <= inner.start and inner.end <= outer.end and outer is not inner
