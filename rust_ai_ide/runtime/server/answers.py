"""What all routes share: reading a body, errors as clients expect them, and answers whole or as a stream."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable
from typing import Any, TypeVar

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response, StreamingResponse

from rust_ai_ide.runtime.errors import InvalidConfig, OutOfMemory, RuntimeFailure
from rust_ai_ide.runtime.generating import Answer, Piece

T = TypeVar("T")
DONE = "data: [DONE]\n\n"


def error_body(error: RuntimeFailure) -> dict[str, Any]:
    """Return the body that tells an error, in the form of OpenAI's API."""
    refused = error.status < 500
    body: dict[str, Any] = {
        "message": str(error),
        "type": "invalid_request_error" if refused else "server_error",
        "param": (error.field or None) if isinstance(error, InvalidConfig) else None,
        "code": error.name,
    }
    if isinstance(error, OutOfMemory):
        body |= {"needed": error.needed, "available": error.available}
    return {"error": body}


async def tell_error(request: Request, error: Exception) -> Response:
    """Answer with an error of ours."""
    assert isinstance(error, RuntimeFailure)
    return JSONResponse(error_body(error), status_code=error.status)


async def read_body(request: Request) -> dict[str, Any]:
    """Return the JSON object of a request. Raises InvalidConfig."""
    try:
        values = json.loads(await request.body(), parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise InvalidConfig(f"The body is not JSON: {error}.") from error
    if not isinstance(values, dict):
        raise InvalidConfig("The body must be a JSON object.")
    return values


def _no_number(name: str) -> float:
    raise ValueError(f"{name} is no number")


def client_of(request: Request) -> str:
    """Return for whom this request asks; requests of one client take turns with those of others."""
    return request.headers.get("x-client", request.client.host if request.client else "")[:100]


async def whole(request: Request, events: AsyncIterator[Piece | Answer]) -> tuple[list[Piece], Answer]:
    """Collect an answer; stop the model when the client goes away."""

    async def collect() -> tuple[list[Piece], Answer]:
        pieces: list[Piece] = []
        async for event in events:
            if isinstance(event, Answer):
                return pieces, event
            pieces.append(event)
        raise ClientDisconnect

    return await until_gone(request, collect())


async def until_gone(request: Request, work: Coroutine[Any, Any, T]) -> T:
    """Return the result of `work`; cancel it when the client goes away. The body must have been read."""
    working = asyncio.ensure_future(work)
    watching = asyncio.ensure_future(_gone(request))
    try:
        await asyncio.wait({working, watching}, return_when=asyncio.FIRST_COMPLETED)
        if not working.done():
            raise ClientDisconnect
        return working.result()
    finally:
        watching.cancel()
        if not working.done():
            working.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await working


async def _gone(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


async def streamed(
    events: AsyncIterator[Piece | Answer],
    chunks: Callable[[Piece | Answer], Iterable[dict[str, Any]]],
    *,
    end: str,
) -> Response:
    """Answer with server-sent events. What fails before the first piece is an error of its own, with its status."""
    first = await anext(events)

    async def lines() -> AsyncIterator[str]:
        try:
            for chunk in chunks(first):
                yield _line(chunk)
            if not isinstance(first, Answer):
                async for event in events:
                    for chunk in chunks(event):
                        yield _line(chunk)
            yield end
        except RuntimeFailure as error:
            yield _line(error_body(error))
        finally:
            await events.aclose()  # type: ignore[attr-defined]

    return StreamingResponse(
        lines(),
        media_type="text/event-stream",
        headers={"Cache-Control": "no-cache", "X-Accel-Buffering": "no"},
    )


def _line(chunk: dict[str, Any]) -> str:
    return f"data: {json.dumps(chunk, ensure_ascii=False, separators=(',', ':'))}\n\n"
