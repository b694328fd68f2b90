"""How the other processes reach a runtime: ours, another machine's, or any server with the same HTTP interface."""

import json
from collections.abc import AsyncGenerator, Generator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rust_ai_ide.runtime.connecting import certificates, kept_connections, lines_of
from rust_ai_ide.runtime.errors import RuntimeFailure

if TYPE_CHECKING:
    import httpx2

CONNECT_SECONDS = 1.0
QUICK_SECONDS = 3.0
LOAD_SECONDS = 900.0
SILENCE_SECONDS = 120.0
"""The longest wait for the next piece of a stream: a long prompt on a slow machine."""


class RuntimeUnreachable(RuntimeFailure):
    """Nobody answers at the runtime's address, or the answer broke off."""

    name = "RuntimeUnreachable"
    status = 503


class Refused(RuntimeFailure):
    """The runtime answered with an error, whose sentence this is; `code` is the error's name there."""

    name = "Refused"

    def __init__(self, message: str, code: str, status: int) -> None:
        super().__init__(message)
        self.code = code
        self.status = status


@dataclass(frozen=True)
class RuntimeClient:
    """Talks to the runtime at `url`. Its methods raise RuntimeUnreachable or Refused."""

    url: str
    key: str = ""

    def status(self, seconds: float = QUICK_SECONDS) -> dict[str, Any]:
        """Return memory, models, waiting requests, within so many seconds."""
        return self._ask("GET", "/status", None, seconds)

    def load(self, model: str, options: Mapping[str, Any]) -> dict[str, Any]:
        """Load a model; returns its row in the status. Takes as long as loading takes."""
        return self._ask("POST", "/load", {"model": model, "options": dict(options)}, LOAD_SECONDS)

    def unload(self, model: str) -> dict[str, Any]:
        """Unload a model once it is idle."""
        return self._ask("POST", "/unload", {"model": model}, LOAD_SECONDS)

    def hardware(self) -> dict[str, Any]:
        """Return what its machine has, what fits into it, and what was measured there."""
        return self._ask("GET", "/hardware", None, SILENCE_SECONDS)

    def tune(self, model: str) -> Generator[dict[str, Any], None, None]:
        """Yield the events of measuring a model's settings there; leaving the iterator stops it."""
        import httpx2

        timeout = httpx2.Timeout(SILENCE_SECONDS, connect=CONNECT_SECONDS)
        body = {"model": model}
        try:
            with (
                httpx2.Client(timeout=timeout, trust_env=False, verify=certificates()) as opened,
                opened.stream("POST", f"{self.url}/tune", json=body, headers=self._headers()) as answer,
            ):
                if answer.status_code != 200:
                    raise _refusal(answer.read(), answer.status_code)
                for line in answer.iter_lines():
                    if line.startswith("data: "):
                        yield _event(line)
        except (httpx2.HTTPError, ValueError) as error:
            raise self._unreachable(error) from error

    def count_tokens(self, texts: list[str], model: str = "") -> list[int]:
        """Return how many tokens each text has for the model."""
        counts = self._ask("POST", "/tokenize", {"texts": texts, "model": model}, QUICK_SECONDS)["counts"]
        return [int(count) for count in counts]

    async def stream(
        self, path: str, request: Mapping[str, Any], client: str = ""
    ) -> AsyncGenerator[dict[str, Any]]:
        """Yield the server-sent events of a route that answers with JSON objects; leaving it stops the model."""
        import httpx2

        headers = self._headers() | {"X-Client": client}
        body = {**request, "stream": True}
        timeout = httpx2.Timeout(SILENCE_SECONDS, connect=CONNECT_SECONDS)
        try:
            async with kept_connections().stream(
                "POST", self.url + path, json=body, headers=headers, timeout=timeout
            ) as answer:
                if answer.status_code != 200:
                    raise _refusal(await answer.aread(), answer.status_code)
                async for line in lines_of(answer):
                    if line.startswith("data: ") and line != "data: [DONE]":
                        yield _event(line)
        except (httpx2.HTTPError, ValueError) as error:
            raise self._unreachable(error) from error

    def _ask(self, method: str, path: str, body: Any, seconds: float) -> dict[str, Any]:
        import httpx2

        timeout = httpx2.Timeout(seconds, connect=min(seconds, CONNECT_SECONDS))
        try:
            with httpx2.Client(timeout=timeout, trust_env=False, verify=certificates()) as opened:
                answer = opened.request(method, self.url + path, json=body, headers=self._headers())
            if answer.status_code != 200:
                raise _refusal(answer.content, answer.status_code)
            value: dict[str, Any] = answer.json()
        except (httpx2.HTTPError, ValueError) as error:
            raise self._unreachable(error) from error
        return value

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.key}"} if self.key else {}

    def _unreachable(self, error: "httpx2.HTTPError | ValueError") -> RuntimeUnreachable:
        import httpx2

        if isinstance(error, httpx2.ConnectError | httpx2.ConnectTimeout):
            return RuntimeUnreachable(
                "The model runtime is not running; it may be starting. Try again in a moment."
            )
        if isinstance(error, httpx2.TimeoutException):
            return RuntimeUnreachable("The model runtime did not answer in time.")
        return RuntimeUnreachable("The model runtime stopped while it answered. Try again in a moment.")


def _event(line: str) -> dict[str, Any]:
    data = line.removeprefix("data: ")
    event: dict[str, Any] = json.loads(data)
    if "error" in event:
        raise _refusal(data.encode(), 500)
    return event


def _refusal(body: bytes, status: int) -> Refused:
    try:
        error = json.loads(body)["error"]
        return Refused(str(error["message"]), str(error.get("code") or ""), status)
    except (ValueError, KeyError, TypeError):
        return Refused(f"The runtime answered with status {status}.", "", status)
