"""Who may complete a line, the best first: the active model, another that is loaded, then endpoints that may.

Each is looked for only when those before it did not answer. What fails rests for a while, so that it delays nothing.
"""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from functools import partial

from asgiref.sync import sync_to_async
from channels.db import database_sync_to_async

from apps.models.endpoints import chat_endpoint, is_allowed
from apps.models.models import Endpoint
from apps.models.running import STATUS_SECONDS, least_busy, loaded_elsewhere, runtime_router
from rust_ai_ide.runtime.client import RuntimeClient
from rust_ai_ide.runtime.endpoint_lines import LineInterface, endpoint_line
from rust_ai_ide.runtime.lines import Hole, Written, runtime_line, timed
from rust_ai_ide.runtime.probing import probed
from rust_ai_ide.runtime.routing import Router

FIRST_SECONDS = 10.0
"""The longest wait for the first token of a model of a runtime: a long prompt on a slow machine."""
PROBE_SECONDS = 1.5
"""After so long without a token a runtime is asked whether it is well; one that hangs does not answer that."""
WHOLE_SECONDS = 20.0
ENDPOINT_FIRST_SECONDS = 2.0
ENDPOINT_WHOLE_SECONDS = 5.0
PATIENCE = 1.0
"""An endpoint that was given up after so long without an answer counts as one that does not answer."""
MODEL = "model"
ENDPOINT = "endpoint"
line_router = Router()
"""How endpoints did when they were asked for lines; how they chat is another matter."""


@dataclass(frozen=True)
class CompletionSource:
    """One that can complete; `kind` is "model" or "endpoint". `ask(hole, client)` yields its line.

    `trying()` goes around that: it tells the router how it went.
    """

    name: str
    kind: str
    ask: Callable[[Hole, str], AsyncGenerator[Written]]
    trying: Callable[[], AbstractContextManager[Callable[[], None]]]


async def completion_sources(model: str) -> AsyncIterator[CompletionSource]:
    """Yield who may complete, in the order to try; `model` is the active version's id, "" where there is none."""
    if model:
        runtime = await least_busy(model)
        if runtime is not None:
            yield _local(model, runtime)
    for name, runtime in await sync_to_async(loaded_elsewhere, thread_sensitive=False)(model):
        yield _local(name, runtime)
    for endpoint in await database_sync_to_async(_endpoints)():
        yield _remote(endpoint)


def line_health(endpoint: Endpoint) -> tuple[str, str]:
    """Return how an endpoint completed lately, and its last problem."""
    return line_router.health(_name(endpoint))


def _local(model: str, runtime: RuntimeClient) -> CompletionSource:
    def ask(hole: Hole, client: str) -> AsyncGenerator[Written]:
        def is_well() -> Awaitable[object]:
            return asyncio.to_thread(runtime.status, STATUS_SECONDS)

        pieces = probed(runtime_line(runtime, model, hole, client), is_well, after=PROBE_SECONDS)
        return timed(pieces, "The model runtime", first=FIRST_SECONDS, whole=WHOLE_SECONDS)

    return CompletionSource(model, MODEL, ask, partial(runtime_router.trying, runtime.url, whole=True))


def endpoints_that_complete() -> list[Endpoint]:
    """Return the endpoints that may complete, well or not."""
    return [each for each in Endpoint.objects.exclude(completes="") if is_allowed(each)]


def _endpoints() -> list[Endpoint]:
    by_name = {_name(each): each for each in endpoints_that_complete()}
    return [by_name[name] for name in line_router.order(list(by_name))]


def _remote(endpoint: Endpoint) -> CompletionSource:
    name = _name(endpoint)
    trying = partial(line_router.trying, name, whole=True, patience=PATIENCE)
    return CompletionSource(name, ENDPOINT, partial(_ask_endpoint, endpoint), trying)


def _ask_endpoint(endpoint: Endpoint, hole: Hole, client: str) -> AsyncGenerator[Written]:
    called, interface = chat_endpoint(endpoint), LineInterface(endpoint.completes)
    pieces = endpoint_line(called, interface, replace(hole, path=""))
    return timed(pieces, endpoint.name, first=ENDPOINT_FIRST_SECONDS, whole=ENDPOINT_WHOLE_SECONDS)


def _name(endpoint: Endpoint) -> str:
    return f"{endpoint.name} ({endpoint.model})"
