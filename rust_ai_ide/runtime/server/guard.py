"""Who may ask the runtime: holders of its key, under a host name it is served at, with bodies of a bounded size."""

import hmac
import json
import secrets

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from rust_ai_ide.home import private_file

MOST_BODY = 8 * 1024 * 1024
OPEN_PATHS = frozenset({"/health"})


def runtime_key() -> str:
    """Return the key of this machine's runtime, made at first use in a file that only its owner can read."""
    return private_file("runtime.key", lambda: secrets.token_urlsafe(32).encode()).decode()


class Guard:
    """Refuses requests without the key, for foreign host names (DNS rebinding), and with oversized bodies."""

    def __init__(self, app: ASGIApp, key: str, hosts: frozenset[str]) -> None:
        self.app = app
        self.key = key
        self.hosts = hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer with a refusal, or hand the request on."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        host = headers.get("host", "")
        name = host.rpartition(":")[0] if not host.endswith("]") and ":" in host else host
        length = headers.get("content-length", "0")
        if self.hosts and name.strip("[]") not in self.hosts:
            await _refuse(
                send, 400, f"This runtime is not served under the name {name[:80]!r}.", "invalid_host"
            )
        elif "origin" in headers:
            # No browser page talks to the runtime itself; the workbench does, for its pages.
            await _refuse(
                send, 403, "Web pages may not use the runtime; use the workbench's /v1.", "forbidden"
            )
        elif scope["path"] not in OPEN_PATHS and not self._has_key(headers):
            await _refuse(
                send, 401, "Send the runtime's key as `Authorization: Bearer …`.", "invalid_api_key"
            )
        elif not length.isdecimal() or int(length) > MOST_BODY:
            await _refuse(send, 413, f"A request may have {MOST_BODY // 1024 // 1024} MB.", "too_large")
        else:
            await self.app(scope, _bounded(receive), send)

    def _has_key(self, headers: dict[str, str]) -> bool:
        if not self.key:
            return True
        kind, _, sent = headers.get("authorization", "").partition(" ")
        return kind.lower() == "bearer" and hmac.compare_digest(sent.strip().encode(), self.key.encode())


def _bounded(receive: Receive) -> Receive:
    taken = 0

    async def bounded() -> Message:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        if taken > MOST_BODY:
            return {"type": "http.disconnect"}
        return message

    return bounded


async def _refuse(send: Send, status: int, message: str, code: str) -> None:
    body = json.dumps(
        {"error": {"message": message, "type": "invalid_request_error", "param": None, "code": code}}
    ).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
