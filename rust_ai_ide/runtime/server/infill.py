"""`/infill`, as llama.cpp's editors' plug-ins expect it."""

from collections.abc import Iterable
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from rust_ai_ide.runtime.errors import InvalidConfig
from rust_ai_ide.runtime.generating import Answer, LoadedModel, Piece
from rust_ai_ide.runtime.host import ModelHost
from rust_ai_ide.runtime.parameters import InferenceParams, read_parameters
from rust_ai_ide.runtime.prompting import infill_prompt
from rust_ai_ide.runtime.server.answers import client_of, read_body, streamed, whole

DEFAULTS = InferenceParams(max_tokens=64, temperature=0.0)
MOST_EXTRA = 64


async def infill(request: Request) -> Response:
    """Fill in between `input_prefix` and `input_suffix`; what does not fit is cut far from the hole."""
    host: ModelHost = request.app.state.host
    values = await read_body(request)
    before = _extra(values.get("input_extra")) + _text(values, "input_prefix") + _text(values, "prompt")
    after = _text(values, "input_suffix")
    if values.get("n_predict") is not None and values["n_predict"] != -1:
        values = values | {"max_tokens": values["n_predict"]}
    parameters = read_parameters(values, DEFAULTS)
    served = host.served(_text(values, "model"))
    truncated = False

    def prompt(model: LoadedModel) -> list[str]:
        nonlocal truncated
        # Room for the answer is kept free, up to half the window.
        room = min(model.longest_prompt, model.window - min(parameters.max_tokens, model.window // 2))
        tokens, truncated = prompt_between(model, values.get("path") or "", before, after, room=room)
        return tokens

    slot = _text(values, "slot")[:200]
    events = host.answer(served.model.manifest.id, prompt, parameters, client=client_of(request), slot=slot)

    def result(text: str, pieces: list[Piece], answer: Answer) -> dict[str, Any]:
        return {
            "index": 0,
            "content": text,
            "stop": True,
            "model": served.model.manifest.id,
            "tokens_predicted": answer.tokens,
            "tokens_evaluated": answer.prompt_tokens,
            "tokens_cached": 0,
            "truncated": truncated,
            "stop_type": "limit" if answer.finish == "length" else "eos",
            "log_probabilities": answer.log_probabilities,
            "timings": _timings(answer),
        }

    if not values.get("stream"):
        pieces, answer = await whole(request, events)
        return JSONResponse(result("".join(piece.text for piece in pieces), pieces, answer))

    def chunks(event: Piece | Answer) -> Iterable[dict[str, Any]]:
        if isinstance(event, Piece):
            yield {
                "index": 0,
                "content": event.text,
                "stop": False,
                "log_probability": event.log_probability,
            }
        else:
            yield result("", [], event)

    return await streamed(events, chunks, end="")


def prompt_between(
    model: LoadedModel, path: str, before: str, after: str, *, room: int
) -> tuple[list[str], bool]:
    """Return the prompt between two texts of a file, "" for no path, and whether they were cut to `room` tokens."""
    header = model.manifest.path_header.format(path=path) if path else ""
    return infill_prompt(model.manifest, model.tokeniser, header + before, after, room=max(8, room))


def _timings(answer: Answer) -> dict[str, float]:
    after_first = max(answer.seconds - answer.first_token, 1e-9)
    return {
        "prompt_n": answer.prompt_tokens,
        "prompt_ms": answer.first_token * 1000,
        "prompt_per_second": answer.prompt_tokens / max(answer.first_token, 1e-9),
        "predicted_n": answer.tokens,
        "predicted_ms": after_first * 1000,
        "predicted_per_second": max(0, answer.tokens - 1) / after_first,
    }


def _text(values: dict[str, Any], name: str) -> str:
    value = values.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise InvalidConfig(f"{name} must be a text.", name)
    return value


def _extra(value: Any) -> str:
    if value is None:
        return ""
    if not isinstance(value, list) or len(value) > MOST_EXTRA:
        raise InvalidConfig(f"input_extra must be a list of {MOST_EXTRA} files at most.", "input_extra")
    texts = []
    for item in value:
        name, text = (item.get("filename"), item.get("text")) if isinstance(item, dict) else (None, None)
        if not isinstance(name, str) or not isinstance(text, str):
            raise InvalidConfig("Each of input_extra needs a filename and a text.", "input_extra")
        texts.append(f"// {name}\n{text}\n")
    return "".join(texts)
