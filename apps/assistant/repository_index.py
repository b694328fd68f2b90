"""The index of a project's tree, kept while the tree stays the same, and what of it a question is about."""

import threading
from collections import OrderedDict
from dataclasses import asdict
from typing import Any

from apps.projects.analysis import child, store
from apps.projects.models import Project
from apps.projects.places import place_of
from rust_ai_ide.runtime.context import (
    Context,
    CountTokens,
    RepositoryIndex,
    context_for_question,
    index_tree,
    recently_changed,
    retrieve_places,
)

KEPT = 4
PLACES_SHOWN = 8
PIECES_LISTED = 200
_indexes: OrderedDict[str, RepositoryIndex] = OrderedDict()
_lock = threading.Lock()


def index_of(project: Project) -> RepositoryIndex | None:
    """Return the index of the project's files as they are now; None where it has none."""
    place = place_of(project)
    if place.tree is None:
        return None
    with _lock:
        if place.tree in _indexes:
            _indexes.move_to_end(place.tree)
            return _indexes[place.tree]
    index = index_tree(place.repository, place.tree, store(), child())
    with _lock:
        _indexes[place.tree] = index
        while len(_indexes) > KEPT:
            _indexes.popitem(last=False)
    return index


def places_for(project: Project, question: str) -> list[dict[str, Any]]:
    """Return the places of the project that fit a question, as the page and the database hold them."""
    index = index_of(project)
    if index is None:
        return []
    return [asdict(place) for place in retrieve_places(index, question, limit=PLACES_SHOWN)]


def context_of_question(
    project: Project, question: str, budget: int, count_tokens: CountTokens
) -> Context | None:
    """Return what of the project a model is shown for a question, in at most `budget` of its tokens."""
    index = index_of(project)
    if index is None:
        return None
    place = place_of(project)
    recent = recently_changed(place.repository, place.commit) if place.commit else []
    return context_for_question(index, question, budget, count_tokens, recent=recent, worker=child())


def told(context: Context) -> dict[str, Any]:
    """Return what the page says of a context: what was sent, what was dropped and why, and how much it matters."""
    sent = [{"path": p.path, "lines": p.lines, "name": p.name, "kind": p.kind, "tokens": p.tokens,
             "why": ", ".join(p.reasons)} for p in context.sent]  # fmt: skip
    dropped = [{"path": d.piece.path, "lines": d.piece.lines, "name": d.piece.name, "kind": d.piece.kind,
                "tokens": d.piece.tokens, "why": d.why} for d in context.dropped]  # fmt: skip
    return {
        "sent": sent[:PIECES_LISTED],
        "dropped": dropped[:PIECES_LISTED],
        "sent_count": len(sent),
        "dropped_count": len(dropped),
        "tokens": context.tokens,
        "candidates_tokens": context.candidates_tokens,
        "relevance_kept": round(context.relevance_kept, 3),
    }
