"""Lines of code from endpoints: by OpenAI's `/v1/completions` with a suffix, or by `/infill` of llama.cpp's server."""

import json
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from rust_ai_ide.runtime.client import RuntimeUnreachable
from rust_ai_ide.runtime.connecting import connection, lines_of
from rust_ai_ide.runtime.endpoints import ChatEndpoint, host_of, refusal
from rust_ai_ide.runtime.lines import MOST_TOKENS, STOP, Hole, Written

if TYPE_CHECKING:
    import httpx2

CONNECT_SECONDS = 1.0
SILENCE_SECONDS = 5.0
MOST_CHARACTERS = 200_000
"""Of an answer, which is one line with a frame around each of its tokens."""
_END = "[DONE]"


class LineInterface(StrEnum):
    """How an endpoint is asked for a line."""

    COMPLETIONS = "completions"
    INFILL = "infill"


async def endpoint_line(
    endpoint: ChatEndpoint, interface: LineInterface, hole: Hole
) -> AsyncGenerator[Written]:
    """Yield the line that an endpoint writes. The path of the file is not sent.

    Raises RuntimeUnreachable, also for what is no answer, or Refused; leaving the iterator closes the connection.
    """
    import httpx2

    path, body, read = _request(endpoint, interface, hole)
    headers = {"Authorization": f"Bearer {endpoint.key}"} if endpoint.key else {}
    has_ended = False
    try:
        async with (
            connection(connect=CONNECT_SECONDS, silence=SILENCE_SECONDS) as client,
            client.stream("POST", path, json=body, headers=headers) as answer,
        ):
            if answer.status_code != 200:
                raise refusal(endpoint, answer.status_code, await _beginning(answer))
            async for line in _lines(answer):
                if not line.startswith("data:"):
                    continue
                data = line.removeprefix("data:").strip()
                text, has_ended = ("", True) if data == _END else read(json.loads(data))
                # A server that does not heed `stop` ends here.
                shown, newline, _ = text.partition(STOP)
                if shown:
                    yield Written(shown)
                has_ended = has_ended or bool(newline)
                if has_ended:
                    break
    except httpx2.HTTPError as error:
        problem = f"{host_of(endpoint)} does not answer: {type(error).__name__}."
        raise RuntimeUnreachable(problem) from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise _nonsense(endpoint) from error
    if not has_ended:
        raise _nonsense(endpoint)


def _request(endpoint: ChatEndpoint, interface: LineInterface, hole: Hole) -> tuple[str, dict[str, Any], Any]:
    body = {"model": endpoint.model, "temperature": 0, "stop": [STOP], "stream": True}
    if interface == LineInterface.INFILL:
        # llama.cpp's server has it beside /v1, not below.
        path = endpoint.url.removesuffix("/v1") + "/infill"
        texts = {"input_prefix": hole.before, "input_suffix": hole.after, "n_predict": MOST_TOKENS}
        return path, body | texts, _infilled
    texts = {"prompt": hole.before, "suffix": hole.after, "max_tokens": MOST_TOKENS}
    return f"{endpoint.url}/completions", body | texts, _completed


def _completed(event: Mapping[str, Any]) -> tuple[str, bool]:
    if "error" in event:
        raise ValueError("error in the stream")
    text, ends = "", False
    for choice in event["choices"]:
        text += _text(choice.get("text"))
        ends = ends or bool(choice.get("finish_reason"))
    return text, ends


def _infilled(event: Mapping[str, Any]) -> tuple[str, bool]:
    return _text(event["content"]), bool(event.get("stop"))


def _text(value: Any) -> str:
    if value is not None and not isinstance(value, str):
        raise TypeError("no text")
    return value or ""


async def _lines(answer: "httpx2.Response") -> AsyncIterator[str]:
    """Yield the lines of an answer, which is refused where it grows beyond all measure."""
    taken = 0
    async for line in lines_of(answer, MOST_CHARACTERS):
        taken += len(line) + 1
        if taken > MOST_CHARACTERS:
            raise ValueError("too much")
        yield line


async def _beginning(answer: "httpx2.Response") -> bytes:
    body = b""
    async for piece in answer.aiter_bytes():
        body += piece
        if len(body) > MOST_CHARACTERS:
            break
    return body


def _nonsense(endpoint: ChatEndpoint) -> RuntimeUnreachable:
    return RuntimeUnreachable(f"{host_of(endpoint)} sends something that is no whole completion.")
