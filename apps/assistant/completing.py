"""Completions for the editor: from the cache, from the file's own text, else streamed from the active model."""

import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from statistics import fmean
from typing import Any

from asgiref.sync import sync_to_async
from channels.db import database_sync_to_async

from apps.models.runtimes import runtime_for
from apps.models.selectors import active_version
from rust_ai_ide.runtime.client import Refused
from rust_ai_ide.runtime.completion.cache import CompletionCache, Surroundings
from rust_ai_ide.runtime.completion.choosing import LEAST_LIKELY, Choice, choose, propose, replaced, sure
from rust_ai_ide.runtime.errors import InvalidConfig, RuntimeFailure

BEFORE_SENT = 1200
AFTER_SENT = 400
"""Characters around the cursor that the model sees: long prompts cost more time than they help with one line."""
MOST_TOKENS = 32
FIRST_TOKENS = 2
"""Tokens that must be likely before the first is shown."""
LONGEST_TEXT = 200_000

cache = CompletionCache()
propose_in_thread = sync_to_async(propose, thread_sensitive=False)


@dataclass(frozen=True)
class Wanted:
    """What the editor asks for: the path of its file, and the text before and after the cursor."""

    path: str
    before: str
    after: str


def read_wanted(values: dict[str, Any]) -> Wanted:
    """Check a message of the editor. Raises InvalidConfig."""
    texts = [values.get(name) for name in ("path", "before", "after")]
    if not all(isinstance(text, str) and len(text) <= LONGEST_TEXT for text in texts):
        raise InvalidConfig("A completion needs a path and the text around the cursor.", "before")
    path, before, after = (str(text) for text in texts)
    return Wanted(path[:1000], before, after)


async def complete(wanted: Wanted, client: str) -> AsyncIterator[dict[str, Any]]:
    """Yield `text` events as the model writes, then one `done` with the line that is shown in the end.

    `done` holds that line (none: nothing is shown), how many characters after the cursor it replaces, its source,
    alternatives and the milliseconds it took. Raises
    RuntimeFailure where there is neither a model nor a proposal.
    """
    began = time.perf_counter()
    version = await database_sync_to_async(active_version)()
    model = version.identifier if version else ""
    where = Surroundings(model, wanted.path, wanted.before, wanted.after)
    hit = cache.find(where)
    if hit is not None:
        yield _done(began, Choice(hit.text, hit.kind), model, wanted.after)
        return
    proposals = await propose_in_thread(wanted.path, wanted.before, wanted.after)
    choice = sure(proposals)
    if choice is None:
        text, likelihoods = "", list[float]()
        held, is_likely = "", True
        try:
            async for event in _model_events(model, wanted, client):
                if event.get("content"):
                    text += event["content"]
                    held += event["content"]
                    likelihoods.append(event["log_probability"])
                    # What is likely to be withdrawn in the end is not shown in the meantime.
                    is_likely = is_likely and fmean(likelihoods) >= LEAST_LIKELY
                    if is_likely and len(likelihoods) >= FIRST_TOKENS:
                        yield {"kind": "text", "text": held}
                        held = ""
                if event.get("stop"):
                    likelihoods = event["log_probabilities"]
        except RuntimeFailure as error:
            # What the file itself proposes needs no model.
            if not proposals or _is_superseded(error):
                raise
        likelihood = fmean(likelihoods) if likelihoods else float("-inf")
        choice = choose(wanted.path, wanted.before, wanted.after, text, likelihood, proposals)
    cache.keep(where, choice.text)
    yield _done(began, choice, model, wanted.after)


async def _model_events(model: str, wanted: Wanted, client: str) -> AsyncIterator[dict[str, Any]]:
    if not model:
        raise InvalidConfig("There is no model yet; add one on the page Models.", "model")
    runtime = await sync_to_async(runtime_for)(model)
    request = {
        "model": model,
        "path": wanted.path,
        "input_prefix": wanted.before[-BEFORE_SENT:],
        "input_suffix": wanted.after[:AFTER_SENT],
        "n_predict": MOST_TOKENS,
        "stop": ["\n"],
        "slot": "editor",
    }
    try:
        async for event in runtime.infill(request, client):
            yield event
    except Refused as error:
        raise not_loaded(error, model) from error


def not_loaded(error: Refused, model: str) -> RuntimeFailure:
    """Return what to tell where a runtime refused a request for the active model."""
    if error.code == "ModelNotFound":
        return InvalidConfig(f"{model} is not loaded. Load it on the page Models.", "model")
    return error


def _is_superseded(error: RuntimeFailure) -> bool:
    return isinstance(error, Refused) and error.code == "Superseded"


def _done(began: float, choice: Choice, model: str, after: str) -> dict[str, Any]:
    return {
        "kind": "done",
        "text": choice.text,
        "replaces": replaced(choice.text, after),
        "source": choice.source,
        "alternatives": list(choice.alternatives),
        "model": model,
        "milliseconds": round((time.perf_counter() - began) * 1000, 1),
    }
