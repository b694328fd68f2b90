"""Hands a client's request on to a runtime, byte for byte, and its answer back as it comes."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

from rust_ai_ide.runtime.client import CONNECT_SECONDS, SILENCE_SECONDS, RuntimeClient, RuntimeUnreachable
from rust_ai_ide.runtime.connecting import connection

PASSED_ON = ("content-type", "cache-control")


@dataclass(frozen=True)
class Answered:
    """A runtime's answer: status, headers, and the body in pieces. Leaving the body stops the model."""

    status: int
    headers: dict[str, str]
    body: AsyncIterator[bytes]


async def forward(runtime: RuntimeClient, method: str, path: str, body: bytes, client: str) -> Answered:
    """Ask a runtime and return its answer as soon as it begins. Raises RuntimeUnreachable."""
    import httpx2

    opened = connection(connect=CONNECT_SECONDS, silence=SILENCE_SECONDS)
    headers = {
        "Authorization": f"Bearer {runtime.key}",
        "X-Client": client,
        "Content-Type": "application/json",
    }
    try:
        request = opened.build_request(method, runtime.url + path, content=body, headers=headers)
        answer = await opened.send(request, stream=True)
    except httpx2.HTTPError as error:
        await opened.aclose()
        raise RuntimeUnreachable(
            "The model runtime is not running; it may be starting. Try again."
        ) from error

    async def pieces() -> AsyncIterator[bytes]:
        try:
            async for piece in answer.aiter_raw():
                yield piece
        finally:
            await answer.aclose()
            await opened.aclose()

    kept = {name: answer.headers[name] for name in PASSED_ON if name in answer.headers}
    return Answered(answer.status_code, kept, pieces())
