"""Row 2: sockets with a foreign or missing origin, or without a session, are refused before they open."""

import asyncio

import pytest
from channels.testing import WebsocketCommunicator
from django.contrib.auth.models import User
from django.test import Client

from config.asgi import application

pytestmark = pytest.mark.django_db(transaction=True)


def opens(path: str, origin: bytes | None, cookie: str | None) -> bool:
    headers = [(b"host", b"127.0.0.1:8731")]
    if origin is not None:
        headers.append((b"origin", origin))
    if cookie is not None:
        headers.append((b"cookie", f"rust-ai-ide-session={cookie}".encode()))

    async def knock() -> bool:
        socket = WebsocketCommunicator(application, path, headers=headers)
        connected, _ = await socket.connect(timeout=5)
        await socket.disconnect()
        return connected

    return asyncio.run(knock())


@pytest.fixture
def session() -> str:
    client = Client()
    client.force_login(User.objects.create(username="owner"))
    return client.cookies["rust-ai-ide-session"].value


@pytest.mark.parametrize("path", ["/ws/runs/1/", "/ws/projects/1/", "/ws/complete/", "/ws/chat/1/"])
def test_only_our_own_pages_with_a_session_get_a_socket(path, session):
    own = b"http://127.0.0.1:8731"
    assert opens(path, own, session)
    assert not opens(path, b"http://evil.com", session)
    assert not opens(path, None, session)
    assert not opens(path, own, None)
    assert not opens(path, own, "forged")
