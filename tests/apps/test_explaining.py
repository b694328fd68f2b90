"""Why a suggestion, over the editor's socket: copies name their place, the model's lines are weighed."""

import asyncio

import pytest
from channels.testing import WebsocketCommunicator
from django.urls import reverse

from apps.assistant.consumers import CompletionConsumer
from apps.assistant.project_texts import text_of
from apps.models.models import ModelVersion
from apps.models.registry import sync_registry
from apps.models.runtimes import runtimes

pytestmark = pytest.mark.django_db(transaction=True)
BEFORE = (
    "fn first(items: &[u32]) {\n    let total = items.iter().sum();\n}\n\nfn second() {\n    let total = "
)
AFTER = "\n}\n"


@pytest.fixture
def active(library, workbench_runtime):
    sync_registry()
    ModelVersion.objects.update(is_active=False)
    ModelVersion.objects.filter(name="sure").update(is_active=True)


@pytest.fixture
def user(django_user_model):
    return django_user_model.objects.get_or_create(username="owner")[0]


def ask(user, **change):
    """Send one request; return its events."""
    request = {"kind": "explain", "id": 1, "path": "a.rs", "before": BEFORE, "after": AFTER}

    async def talk():
        socket = WebsocketCommunicator(CompletionConsumer.as_asgi(), "/ws/complete/")
        socket.scope["user"] = user
        assert (await socket.connect())[0]
        await socket.send_json_to(request | {"text": "items.iter().sum();", "source": "model"} | change)
        events = [await socket.receive_json_from(timeout=20)]
        while events[-1]["kind"] == "progress":
            events.append(await socket.receive_json_from(timeout=20))
        await socket.disconnect()
        return events

    return asyncio.run(talk())


def test_a_line_of_the_model_is_weighed_with_progress(user, active):
    *progress, found = ask(user)
    assert {event["kind"] for event in progress} == {"progress"}
    assert found["kind"] == "explained"
    assert found["calls"] == len(progress)
    assert {"likelihood", "parts", "faithfulness", "counterfactual"} <= set(found)
    assert all(part["start"] < part["end"] <= len(AFTER) for part in found["parts"])


def test_a_copied_line_names_its_place_without_a_model(user, active, settings):
    settings.RUNTIME_URLS = ["http://127.0.0.1:9"]
    runtimes.cache_clear()
    (found,) = ask(user, source="this file")
    assert found["kind"] == "copied"
    assert BEFORE[found["start"] : found["end"]] == "items.iter().sum();"
    assert found["matched"] >= len("    let total = ")


def test_what_stands_nowhere_else_is_asked_of_the_model(user, active):
    assert ask(user, source="exact", text="nothing_like_it();")[-1]["kind"] == "explained"


@pytest.mark.parametrize("change", [{"text": " "}, {"text": 3}, {"text": "x" * 2_001}, {"before": None}])
def test_a_request_without_its_parts_is_told(user, active, change):
    (event,) = ask(user, **change)
    assert event["kind"] == "error"


def test_without_a_runtime_or_a_loaded_model_it_says_so(user, active, settings, workbench_runtime):
    workbench_runtime.ask("/unload", {"model": "sure"})
    assert "sure@1 is not loaded. Load it" in ask(user)[0]["message"]
    settings.RUNTIME_URLS = ["http://127.0.0.1:9"]
    runtimes.cache_clear()
    assert "not running" in ask(user)[0]["message"]


def test_what_was_copied_from_another_file_names_it(active, owner, repository, django_user_model):
    user = django_user_model.objects.get()
    repository.write("src/other.rs", "fn third() {\n    let total = prices.iter().product();\n}\n")
    project = int(
        owner.post(reverse("open-project"), {"path": str(repository.path)}).url.strip("/").split("/")[-1]
    )
    asyncio.run(_project_is_read(project))
    (found,) = ask(user, text="prices.iter().product();", source="other file", project=project)
    assert (found["kind"], found["path"], found["line"]) == ("elsewhere", "src/other.rs", 2)
    page = owner.get(found["url"].partition("#")[0]).content.decode()
    assert "product" in page
    (adapted,) = ask(user, text="prices.len();", source="this file", project=project)
    assert adapted["kind"] == "adapted"


async def _project_is_read(project):
    for _ in range(200):
        if await text_of(project) is not None:
            return
        await asyncio.sleep(0.05)
    raise AssertionError("the project was not read")
