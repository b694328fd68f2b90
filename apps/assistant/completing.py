"""Completions for the editor: from the cache, from the file's own text, else streamed from who can write them."""

import contextlib
import time
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from asgiref.sync import sync_to_async

from apps.assistant.ahead import ahead
from apps.assistant.project_texts import text_of
from apps.assistant.writing import Line, write
from apps.models.completion_sources import MODEL, CompletionSource, completion_sources
from apps.models.kept_completions import NO_MODEL, cache
from apps.models.running import active_model, problems_of_runtimes
from rust_ai_ide.runtime.completion.cache import Surroundings
from rust_ai_ide.runtime.completion.choosing import Choice, choose, propose, replaced, sure
from rust_ai_ide.runtime.completion.copying import Proposal
from rust_ai_ide.runtime.errors import InvalidConfig, RuntimeFailure
from rust_ai_ide.runtime.lines import Hole

BEFORE_SENT = 1200
AFTER_SENT = 400
"""Characters around the cursor that the model sees: long prompts cost more time than they help with one line."""
LONGEST_TEXT = 200_000
LONGEST_SHOWN = 240
"""Characters of a line that are suggested at once; what goes on from there is suggested next."""

propose_in_thread = sync_to_async(propose, thread_sensitive=False)


@dataclass(frozen=True)
class Wanted:
    """What the editor asks for: the path of its file, and the text before and after the cursor.

    `project` is the number of the project that the file belongs to, 0 for none.
    """

    path: str
    before: str
    after: str
    project: int = 0


def read_wanted(values: dict[str, Any]) -> Wanted:
    """Check a message of the editor. Raises InvalidConfig."""
    texts = [values.get(name) for name in ("path", "before", "after")]
    if not all(isinstance(text, str) and len(text) <= LONGEST_TEXT for text in texts):
        raise InvalidConfig("A completion needs a path and the text around the cursor.", "before")
    path, before, after = (str(text) for text in texts)
    project = values.get("project")
    return Wanted(path[:1000], before, after, project if isinstance(project, int) else 0)


async def complete(wanted: Wanted, client: str) -> AsyncGenerator[dict[str, Any]]:
    """Yield `text` events as a model writes, then one `done` with the line that is shown in the end.

    A `fresh` text takes the place of those before it. `done` holds the line (none: nothing is shown), how many
    characters after the cursor it replaces, its source, who wrote it, alternatives and the milliseconds it took.
    Raises RuntimeFailure where nobody can complete and neither the cache nor the file has anything to propose.
    """
    began = time.perf_counter()
    model = await active_model()
    sources = completion_sources(model)
    first = await anext(sources, None)
    where = Surroundings(first.name if first else model, wanted.path, wanted.before, wanted.after)
    hit = cache.find(where, also=(NO_MODEL,))
    if hit is not None:
        yield _done(began, Choice(hit.text, hit.kind), hit.model, wanted)
        return
    hole, line = Hole(wanted.path, wanted.before[-BEFORE_SENT:], wanted.after[:AFTER_SENT]), Line()
    texts = write(_beginning_with(first, sources), hole, client, line)
    is_here = first is not None and first.kind == MODEL
    # A model here reads its prompt while the file is searched; what is elsewhere is asked only where it is needed.
    async with ahead(texts) if is_here else contextlib.aclosing(texts) as coming:
        project = await text_of(wanted.project) if wanted.project else None
        others = project.without(wanted.path) if project else None
        proposals = await propose_in_thread(wanted.before, wanted.after, others)
        choice = sure(wanted.path, wanted.before, wanted.after, proposals)
        if choice is not None:
            cache.keep(replace(where, model=NO_MODEL), choice.text)
            yield _done(began, choice, "", wanted)
            return
        async for shown in coming:
            yield {"kind": "text", "text": shown.text, "fresh": shown.is_fresh}
    if line.by:
        choice = choose(wanted.path, wanted.before, wanted.after, line.text, line.likelihood, proposals)
        cache.keep(replace(where, model=line.by), choice.text)
        source = line.kind if choice.source == MODEL else choice.source
        yield _done(began, replace(choice, source=source), line.by, wanted)
    else:
        yield _offline(began, where, proposals, line.problems, wanted)


def _offline(
    began: float, where: Surroundings, proposals: Sequence[Proposal], problems: list[str], wanted: Wanted
) -> dict[str, Any]:
    """Return what there is without anybody to ask. Raises RuntimeFailure where there is nothing."""
    hit = cache.recall(where)
    if hit is not None:
        return _done(began, Choice(hit.text, hit.kind), hit.model, wanted)
    choice = choose(wanted.path, wanted.before, wanted.after, "", float("-inf"), proposals)
    if choice.text:
        return _done(began, choice, "", wanted)
    told = list(dict.fromkeys([*problems_of_runtimes(), *problems]))
    raise RuntimeFailure(" ".join(told) or "There is no model yet; add one on the page Models.")


async def _beginning_with(
    first: CompletionSource | None, others: AsyncIterator[CompletionSource]
) -> AsyncIterator[CompletionSource]:
    if first is not None:
        yield first
        async for each in others:
            yield each


def _done(began: float, choice: Choice, by: str, wanted: Wanted) -> dict[str, Any]:
    return {
        "kind": "done",
        "text": _beginning(choice.text),
        "replaces": replaced(_beginning(choice.text), wanted.after),
        "source": choice.source,
        "alternatives": [_beginning(text) for text in choice.alternatives],
        "model": "" if by == NO_MODEL else by,
        "milliseconds": round((time.perf_counter() - began) * 1000, 1),
    }


def _beginning(text: str) -> str:
    """Return a line, of an endless one its first words."""
    if len(text) <= LONGEST_SHOWN:
        return text
    head, space, _ = text[:LONGEST_SHOWN].rpartition(" ")
    return head if space and head.strip() else text[:LONGEST_SHOWN]
