"""Refuses request bodies over the limit before any of Django sees them."""

import errno
from collections.abc import Awaitable, Callable
from typing import Any

from django.conf import settings

App = Callable[..., Awaitable[None]]
FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
UPLOAD_PATHS = ("/projects/upload/",)


class _TooLarge(Exception):
    """The body went over its limit while it was read."""


class LimitBody:
    """Wraps an ASGI application; answers 413 by the announced length, or by count where none is announced."""

    def __init__(self, app: App) -> None:
        self.app = app

    async def __call__(self, scope: dict[str, Any], receive: App, send: App) -> None:
        """Pass the request on, counting its body."""
        limit = settings.BODY_LIMIT
        if scope["path"].startswith(UPLOAD_PATHS):
            limit = settings.UPLOAD_LIMIT_MB * 1024 * 1024 + settings.BODY_LIMIT
        announced = dict(scope["headers"]).get(b"content-length", b"0")
        if not announced.isdigit() or int(announced) > limit:
            await _refuse(send, limit)
            return
        seen = 0

        async def counted() -> Any:
            nonlocal seen
            message: Any = await receive()
            seen += len(message.get("body", b""))
            if seen > limit:
                raise _TooLarge
            return message

        try:
            await self.app(scope, counted, send)
        except _TooLarge:
            await _refuse(send, limit)
        except OSError as error:
            # A body is kept in a file before Django sees it.
            if error.errno not in FULL:
                raise
            await _answer(send, 507, "The disk is full, so nothing was done. Make room and try again.")


async def _refuse(send: App, limit: int) -> None:
    await _answer(send, 413, f"That is more than this page takes: {limit // (1024 * 1024)} MB at most.")


async def _answer(send: App, status: int, sentence: str) -> None:
    text = sentence.encode()
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", str(len(text)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": text})
