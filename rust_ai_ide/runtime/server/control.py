"""Loading, unloading and status of the runtime, for the workbench's own processes."""

import math
import os
import time
from dataclasses import asdict, fields
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from rust_ai_ide.runtime.errors import InvalidConfig
from rust_ai_ide.runtime.generating import LoadedModel, LoadOptions
from rust_ai_ide.runtime.host import ModelHost, Served
from rust_ai_ide.runtime.memory import memory_available, memory_used
from rust_ai_ide.runtime.server.answers import client_of, read_body, until_gone

MOST_THREADS = 256


async def health(request: Request) -> Response:
    """Answer that the process is up, and with how many models."""
    host: ModelHost = request.app.state.host
    return JSONResponse(
        {"status": "ok" if host.models() else "no model loaded", "models": len(host.models())}
    )


async def status(request: Request) -> Response:
    """Answer with everything the models page shows of this process."""
    host: ModelHost = request.app.state.host
    return JSONResponse(
        {
            "process": os.getpid(),
            "uptime": time.time() - request.app.state.started,
            "memory_used": memory_used(),
            "memory_available": memory_available(host.memory_limit),
            "memory_limit": host.memory_limit,
            "models": [_row(served) for served in host.models()],
            "loading": sorted(name for name in host.loading if "@" in name),
            "failures": request.app.state.failures,
        }
    )


async def load(request: Request) -> Response:
    """Load a model of the library."""
    host: ModelHost = request.app.state.host
    values = await read_body(request)
    model, options = _name(values), _options(values)
    loaded = request.app.state.loaded
    loaded.begin(model, options)
    try:
        result = await host.load(model, options)
    except BaseException:
        loaded.forget(model)
        raise
    loaded.forget(model)
    loaded.done(result.manifest.id, options)
    request.app.state.failures.pop(result.manifest.id, None)
    return JSONResponse(_row(host.served(result.manifest.id)))


async def unload(request: Request) -> Response:
    """Unload a model once its running request is done."""
    host: ModelHost = request.app.state.host
    model = host.served(_name(await read_body(request))).model.manifest.id
    await host.unload(model)
    request.app.state.loaded.forget(model)
    return JSONResponse({"unloaded": model})


async def score(request: Request) -> Response:
    """Answer with the log-probability of each token of a text."""
    host: ModelHost = request.app.state.host
    values = await read_body(request)
    text, given = values.get("text"), values.get("given", "")
    if not isinstance(text, str) or not isinstance(given, str):
        raise InvalidConfig("text and given must be texts.", "text")

    def scores(model: LoadedModel) -> dict[str, Any]:
        head = [*model.manifest.begin, *model.tokeniser.encode(given)]
        tokens = model.tokeniser.encode(text)
        values = model.score([*head, *tokens])
        scored = values[max(0, len(head) - 1) :]
        return {
            "tokens": tokens[len(tokens) - len(scored) :],
            "log_probabilities": scored,
            "bits_per_byte": -sum(scored) / math.log(2) / max(1, len(text.encode())),
        }

    model = values.get("model", "")
    call = host.call(model if isinstance(model, str) else "", scores, client=client_of(request))
    return JSONResponse(await until_gone(request, call))


async def tokenize(request: Request) -> Response:
    """Answer with the number of tokens of each text."""
    host: ModelHost = request.app.state.host
    values = await read_body(request)
    texts = values.get("texts")
    if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
        raise InvalidConfig("texts must be a list of texts.", "texts")
    model = values.get("model", "")
    served = host.served(model if isinstance(model, str) else "")
    return JSONResponse({"counts": [served.model.count(text) for text in texts]})


def _row(served: Served) -> dict[str, Any]:
    model = served.model
    return {
        "id": model.manifest.id,
        "options": asdict(model.options),
        "compute_type": model.compute_type,
        "need": asdict(model.need) | {"total": model.need.total},
        "longest_prompt": model.longest_prompt,
        "context_length": model.window,
        "can_infill": model.manifest.infill is not None,
        "can_chat": bool(model.manifest.chat_template),
        "waiting": len(served.queue),
        "is_busy": served.queue.running is not None,
        "is_leaving": served.is_leaving,
        "answered": served.answered,
        "loaded_at": served.loaded_at,
    }


def _name(values: dict[str, Any]) -> str:
    name = values.get("model")
    if not isinstance(name, str) or not name:
        raise InvalidConfig("model must name a model.", "model")
    return name


def _options(values: dict[str, Any]) -> LoadOptions:
    given = values.get("options", {})
    known = {item.name: item.default for item in fields(LoadOptions)}
    if not isinstance(given, dict) or not set(given) <= set(known):
        raise InvalidConfig(f"options may hold {', '.join(known)}.", "options")
    for name, value in given.items():
        if type(value) is not type(known[name]):
            raise InvalidConfig(f"options.{name} must be a {type(known[name]).__name__}.", f"options.{name}")
    options = LoadOptions(**given)
    if not 0 <= options.threads <= MOST_THREADS or options.prompt_length < 0:
        raise InvalidConfig(
            f"threads must be from 0 to {MOST_THREADS} and prompt_length not negative.", "options"
        )
    return options
