"""`/v1/models`, `/v1/completions` and `/v1/chat/completions`, as clients of OpenAI's API expect them."""

import secrets
import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from rust_ai_ide.runtime.errors import InvalidConfig
from rust_ai_ide.runtime.generating import Answer, LoadedModel, Piece
from rust_ai_ide.runtime.host import ModelHost, Served
from rust_ai_ide.runtime.parameters import InferenceParams, read_parameters
from rust_ai_ide.runtime.prompting import ROLES, Message, chat_prompt, completion_prompt, infill_prompt
from rust_ai_ide.runtime.server.answers import DONE, client_of, read_body, streamed, whole

COMPLETION_DEFAULTS = InferenceParams(max_tokens=16, temperature=1.0)
CHAT_DEFAULTS = InferenceParams(max_tokens=512, temperature=1.0)
MOST_MESSAGES = 500
_NEUTRAL: dict[str, tuple[Any, ...]] = {
    "n": (1,),
    "best_of": (1,),
    "echo": (False,),
    "presence_penalty": (0,),
    "frequency_penalty": (0,),
    "logit_bias": ({},),
    "tools": ([],),
    "functions": ([],),
}


def model_row(served: Served) -> dict[str, Any]:
    """Return how `/v1/models` lists a model."""
    manifest = served.model.manifest
    return {
        "id": manifest.id,
        "object": "model",
        "created": int(served.loaded_at),
        "owned_by": "local",
        "context_length": manifest.context_length,
        "capabilities": {
            "completion": True,
            "infill": manifest.infill is not None,
            "chat": bool(manifest.chat_template),
        },
    }


async def list_models(request: Request) -> Response:
    """Answer with the loaded models."""
    host: ModelHost = request.app.state.host
    return JSONResponse({"object": "list", "data": [model_row(served) for served in host.models()]})


async def show_model(request: Request) -> Response:
    """Answer with one loaded model."""
    host: ModelHost = request.app.state.host
    return JSONResponse(model_row(host.served(request.path_params["model"])))


async def complete(request: Request) -> Response:
    """Go on after a prompt, or fill in between it and a suffix."""
    values = await read_body(request)
    _refuse_unsupported(values)
    text, suffix = _text(values, "prompt", default=None), _text(values, "suffix", default="")
    parameters = read_parameters(values, COMPLETION_DEFAULTS)

    def prompt(model: LoadedModel) -> list[str]:
        if not suffix:
            return completion_prompt(model.manifest, model.tokeniser, text)
        room = model.longest_prompt
        tokens, is_cut = infill_prompt(model.manifest, model.tokeniser, text, suffix, room=room)
        if is_cut:
            raise InvalidConfig(
                f"Prompt and suffix do not fit into the {room:,} tokens of {model.manifest.id}; send less.",
                "prompt",
            )
        return tokens

    wants_log_probabilities = values.get("logprobs") is not None

    def choice(piece: str, found: list[Piece], finish: str | None) -> dict[str, Any]:
        log_probabilities = (
            {"tokens": [p.text for p in found], "token_logprobs": [p.log_probability for p in found]}
            if wants_log_probabilities
            else None
        )
        return {"text": piece, "index": 0, "logprobs": log_probabilities, "finish_reason": finish}

    return await _respond(request, values, prompt, parameters, "text_completion", choice, choice)


async def chat(request: Request) -> Response:
    """Answer a conversation."""
    values = await read_body(request)
    _refuse_unsupported(values)
    messages = _messages(values.get("messages"))
    if values.get("max_completion_tokens") is not None:
        values = values | {"max_tokens": values["max_completion_tokens"]}
    parameters = read_parameters(values, CHAT_DEFAULTS)

    def prompt(model: LoadedModel) -> list[str]:
        return chat_prompt(model.manifest, model.tokeniser, messages)

    def message(piece: str, found: list[Piece], finish: str | None) -> dict[str, Any]:
        content = {"role": "assistant", "content": piece}
        return {"index": 0, "message": content, "logprobs": None, "finish_reason": finish}

    is_first = True

    def delta(piece: str, found: list[Piece], finish: str | None) -> dict[str, Any]:
        nonlocal is_first
        content = {"role": "assistant"} if is_first else {}
        content |= {"content": piece} if piece or is_first else {}
        is_first = False
        return {"index": 0, "delta": content, "logprobs": None, "finish_reason": finish}

    return await _respond(request, values, prompt, parameters, "chat.completion", message, delta)


Choice = Callable[[str, list[Piece], str | None], dict[str, Any]]


async def _respond(
    request: Request,
    values: dict[str, Any],
    prompt: Callable[[LoadedModel], list[str]],
    parameters: InferenceParams,
    kind: str,
    choice: Choice,
    delta: Choice,
) -> Response:
    host: ModelHost = request.app.state.host
    served = host.served(_text(values, "model", default=""))
    slot = str(values.get("slot") or "")[:200]
    parameters = replace(parameters, max_tokens=min(parameters.max_tokens, served.model.window))
    events = host.answer(served.model.manifest.id, prompt, parameters, client=client_of(request), slot=slot)
    is_streamed = bool(values.get("stream"))
    is_chat = kind == "chat.completion"
    head = {
        "id": f"{'chatcmpl' if is_chat else 'cmpl'}-{secrets.token_hex(12)}",
        "object": f"{kind}.chunk" if is_chat and is_streamed else kind,
        "created": int(time.time()),
        "model": served.model.manifest.id,
    }
    if not is_streamed:
        pieces, answer = await whole(request, events)
        text = "".join(piece.text for piece in pieces)
        choices = [choice(text, pieces, _finish(answer))]
        return JSONResponse(head | {"choices": choices, "usage": _usage(answer)})
    options = values.get("stream_options")
    with_usage = isinstance(options, dict) and bool(options.get("include_usage"))

    def chunks(event: Piece | Answer) -> Iterable[dict[str, Any]]:
        if isinstance(event, Piece):
            yield head | {"choices": [delta(event.text, [event], None)]}
            return
        yield head | {"choices": [delta("", [], _finish(event))]}
        if with_usage:
            yield head | {"choices": [], "usage": _usage(event)}

    return await streamed(events, chunks, end=DONE)


def _finish(answer: Answer) -> str:
    return "length" if answer.finish == "length" else "stop"


def _usage(answer: Answer) -> dict[str, int]:
    return {
        "prompt_tokens": answer.prompt_tokens,
        "completion_tokens": answer.tokens,
        "total_tokens": answer.prompt_tokens + answer.tokens,
    }


def _text(values: dict[str, Any], name: str, *, default: str | None) -> str:
    value = values.get(name, default)
    if value is None and default is not None:
        return default
    if isinstance(value, list) and len(value) == 1:
        (value,) = value
    if not isinstance(value, str):
        raise InvalidConfig(f"{name} must be a text.", name)
    return value


def _messages(value: Any) -> list[Message]:
    if not isinstance(value, list) or not 1 <= len(value) <= MOST_MESSAGES:
        raise InvalidConfig(f"messages must be a list of 1 to {MOST_MESSAGES} messages.", "messages")
    return [_message(item, number) for number, item in enumerate(value)]


def _message(item: Any, number: int) -> Message:
    where = f"messages[{number}]"
    role = item.get("role") if isinstance(item, dict) else None
    role = "system" if role == "developer" else role
    if role not in ROLES:
        raise InvalidConfig(f"{where} needs a role: {', '.join(ROLES)}.", f"{where}.role")
    content = item.get("content")
    if isinstance(content, list):
        parts = [
            part.get("text") for part in content if isinstance(part, dict) and part.get("type") == "text"
        ]
        if len(parts) != len(content) or not all(isinstance(part, str) for part in parts):
            raise InvalidConfig(f"{where} may hold texts only.", f"{where}.content")
        content = "".join(str(part) for part in parts)
    if not isinstance(content, str):
        raise InvalidConfig(f"{where} needs a text as content.", f"{where}.content")
    return Message(role, content)


def _refuse_unsupported(values: dict[str, Any]) -> None:
    for name, neutral in _NEUTRAL.items():
        value = values.get(name)
        if value is not None and value not in neutral:
            raise InvalidConfig(f"{name} is not supported here; leave it out.", name)
