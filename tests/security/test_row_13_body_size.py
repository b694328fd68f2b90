"""Row 13: a body over the limit is answered 413, announced or not."""

import asyncio

import pytest
from django.conf import settings

from apps.common.body_limit import LimitBody


async def _echo(scope, receive, send):
    while (await receive()).get("more_body"):
        pass
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b""})


def status(path: str, chunks: list[bytes], length: int | None) -> int:
    headers = [] if length is None else [(b"content-length", str(length).encode())]
    waiting = [
        {"type": "http.request", "body": c, "more_body": n < len(chunks) - 1} for n, c in enumerate(chunks)
    ]
    sent = []

    async def receive():
        return waiting.pop(0)

    async def send(message):
        sent.append(message)

    asyncio.run(LimitBody(_echo)({"type": "http", "path": path, "headers": headers}, receive, send))
    return sent[0]["status"]


def test_announced_and_unannounced_bodies_are_limited():
    limit = settings.BODY_LIMIT
    assert status("/projects/open/", [b"x"], 1) == 200
    assert status("/projects/open/", [b"x"], limit + 1) == 413
    assert status("/projects/open/", [b"x" * limit, b"xx"], None) == 413
    assert status("/projects/upload/", [b"x"], limit + 1) == 200
    assert status("/projects/upload/", [b"x"], settings.UPLOAD_LIMIT_MB * 1024**2 + limit + 1) == 413


@pytest.mark.parametrize("length", ["-1", "x", "1e9"])
def test_nonsense_lengths_are_refused(length):
    headers = [(b"content-length", length.encode())]
    sent = []

    async def send(message):
        sent.append(message)

    asyncio.run(LimitBody(_echo)({"type": "http", "path": "/", "headers": headers}, None, send))
    assert sent[0]["status"] == 413


def test_the_real_server_refuses_too(server):
    import http.client

    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    connection.request("POST", "/projects/open/", body=b"x" * (settings.BODY_LIMIT + 1))
    assert connection.getresponse().status == 413
