"""Attention of a suggestion, over the editor's socket, in a child process that ends with the request."""

import asyncio
import importlib.util

import pytest
from channels.testing import WebsocketCommunicator

from apps.assistant import attending
from apps.assistant.consumers import CompletionConsumer
from apps.models.registry import sync_registry
from rust_ai_ide.runtime.library import find_model
from rust_ai_ide.training import attention

pytestmark = pytest.mark.django_db(transaction=True)
HAS_TORCH = importlib.util.find_spec("torch") and importlib.util.find_spec("transformers")
needs_torch = pytest.mark.skipif(not HAS_TORCH, reason="training needs the extra train: make install-train")
BEFORE = "fn first(quokka: u32) -> u32 {\n    quokka\n}\n\nfn second(quokka: u32) -> u32 {\n    quo"
ASKED = {"kind": "attend", "id": 1, "path": "a.rs", "before": BEFORE, "after": "\n}\n", "text": "kka"}


@pytest.fixture
def user(library, django_user_model):
    sync_registry()
    return django_user_model.objects.create(username="owner")


async def connected(user):
    socket = WebsocketCommunicator(CompletionConsumer.as_asgi(), "/ws/complete/")
    socket.scope["user"] = user
    assert (await socket.connect())[0]
    return socket


def ask(user, **change):
    async def talk():
        socket = await connected(user)
        await socket.send_json_to(ASKED | {"source": "model", "model": find_model("starter")[1].id} | change)
        events = [await socket.receive_json_from(timeout=90)]
        while events[-1]["kind"] == "progress":
            events.append(await socket.receive_json_from(timeout=90))
        await socket.disconnect()
        return events

    return asyncio.run(talk())


@pytest.fixture
def starter():
    from apps.models.models import ModelVersion

    return ModelVersion.objects.filter(is_shipped=True).last().identifier


@needs_torch
def test_a_map_comes_with_its_figures(user, starter):
    progress, found = ask(user, model=starter)
    assert progress["activity"] == "Reading the model into PyTorch"
    assert found["kind"] == "attention"
    assert found["sink"] + found["marks"] + found["line"] + found["text"] == pytest.approx(1, abs=1e-3)
    words = {BEFORE[len(BEFORE) + place["start"] :][:6] for place in found["words"][:5]}
    assert "quokka" in words


@needs_torch
def test_leaving_ends_the_child_and_the_next_can_begin(user, starter):
    async def talk():
        socket = await connected(user)
        await socket.send_json_to(ASKED | {"source": "model", "model": starter})
        assert (await socket.receive_json_from(timeout=20))["kind"] == "progress"
        while not attending._worker()._busy:
            await asyncio.sleep(0.01)
        (child,) = attending._worker()._busy
        await socket.disconnect()
        while child.is_alive():
            await asyncio.sleep(0.01)

    asyncio.run(asyncio.wait_for(talk(), 30))
    assert ask(user, model=starter)[-1]["kind"] == "attention"


def test_without_pytorch_it_says_how_to_get_it(user, starter, monkeypatch):
    monkeypatch.setattr(attention, "find_spec", lambda name: None)
    (event,) = ask(user, model=starter)
    assert event["kind"] == "error"
    assert "make install-train" in event["message"]


def test_what_no_model_wrote_has_none(user):
    assert "No model wrote this" in ask(user, source="this file", model="")[0]["message"]
    assert "Mine (m) wrote this." in ask(user, source="endpoint", model="Mine (m)")[0]["message"]
