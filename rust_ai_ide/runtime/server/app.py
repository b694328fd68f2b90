"""The runtime's ASGI application."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Mapping

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import Route

from rust_ai_ide.runtime.errors import RuntimeFailure
from rust_ai_ide.runtime.generating import LoadOptions
from rust_ai_ide.runtime.host import ModelHost
from rust_ai_ide.runtime.server import control, explain, infill, machine, openai
from rust_ai_ide.runtime.server.answers import tell_error
from rust_ai_ide.runtime.server.guard import Guard
from rust_ai_ide.runtime.server.remembering import LoadedModels

DIED = "The runtime died while it loaded this model; load it by hand to try again."


def application(
    *,
    key: str,
    hosts: frozenset[str],
    models: Mapping[str, LoadOptions],
    loaded: LoadedModels,
    memory_limit: int = 0,
) -> Starlette:
    """Return the application, which loads `models` when it starts.

    Requests must carry `key` (none is asked for if it is empty) and one of `hosts` as their host name. A model that
    cannot be loaded leaves its reason in the status; the others are served.
    """

    @contextlib.asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        app.state.host = host = ModelHost(memory_limit)
        # In the background, so that status and the first models answer while large ones still load.
        loading = asyncio.create_task(_load_all(app, models))
        yield
        loading.cancel()
        await host.close()

    post = ["POST"]
    app = Starlette(
        routes=[
            Route("/health", control.health),
            Route("/status", control.status),
            Route("/load", control.load, methods=post),
            Route("/unload", control.unload, methods=post),
            Route("/score", control.score, methods=post),
            Route("/tokenize", control.tokenize, methods=post),
            Route("/hardware", machine.hardware),
            Route("/tune", machine.tune_model, methods=post),
            Route("/explain", explain.explain_suggestion, methods=post),
            Route("/infill", infill.infill, methods=post),
            Route("/v1/models", openai.list_models),
            Route("/v1/models/{model:path}", openai.show_model),
            Route("/v1/completions", openai.complete, methods=post),
            Route("/v1/chat/completions", openai.chat, methods=post),
        ],
        middleware=[Middleware(Guard, key=key, hosts=hosts)],
        exception_handlers={RuntimeFailure: tell_error},
        lifespan=lifespan,
    )
    app.state.started = time.time()
    app.state.failures = dict.fromkeys(loaded.suspects(), DIED)
    app.state.loaded = loaded
    return app


async def _load_all(app: Starlette, models: Mapping[str, LoadOptions]) -> None:
    for model, options in models.items():
        app.state.loaded.begin(model, options)
        try:
            await app.state.host.load(model, options)
        except RuntimeFailure as error:
            app.state.loaded.forget(model)
            app.state.failures[model] = str(error)
        else:
            app.state.loaded.done(model, options)
