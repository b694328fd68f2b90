"""Who completes where the active model cannot: endpoints that may, the cache, the file itself, and then nobody."""

import asyncio
import time

import pytest
from channels.testing import WebsocketCommunicator
from django.urls import reverse

from apps.assistant.consumers import CompletionConsumer
from apps.models import completion_sources, running
from apps.models.completion_sources import line_router
from apps.models.kept_completions import cache
from apps.models.models import Endpoint, ModelEvent
from apps.models.runtimes import runtimes
from rust_ai_ide.runtime.routing import Health
from tests.apps.line_server import line_server, silent_server
from tests.apps.test_editor import active, ask, user, wanted  # noqa: F401 - fixtures

pytestmark = pytest.mark.django_db(transaction=True)
BEFORE = "let range = span("
NOBODY = "http://127.0.0.1:9"


@pytest.fixture
def served():
    with line_server() as server:
        yield server


@pytest.fixture
def away(active, settings):  # noqa: F811
    """An active model whose runtime does not answer."""
    active("sure@1")
    settings.RUNTIME_URLS = [NOBODY]
    runtimes.cache_clear()


def endpoint(served, model="good", completes="completions", **values):
    return Endpoint.objects.create(
        name=f"Mine {model}", url=served.url, model=model, completes=completes, **values
    )


def last(user, before=BEFORE, **values):  # noqa: F811
    return ask(user, wanted(1, before=before, **values))[-1]


def test_an_endpoint_completes_where_no_model_here_answers(user, away, served):  # noqa: F811
    endpoint(served)
    done = last(user)
    assert (done["text"], done["source"], done["model"]) == ("0, 1);", "endpoint", "Mine good (good)")
    ((path, body),) = served.seen
    assert path == "/v1/completions"
    assert (body["prompt"], body["suffix"], body["temperature"]) == (BEFORE, ")\n", 0)
    assert "notes.txt" not in str(body)


def test_one_that_infills_is_asked_as_llama_cpp_is(user, away, served):  # noqa: F811
    endpoint(served, completes="infill")
    assert last(user)["text"] == "0, 1);"
    ((path, body),) = served.seen
    assert path == "/infill"
    assert (body["input_prefix"], body["input_suffix"]) == (BEFORE, ")\n")


def test_no_code_leaves_while_a_model_here_answers_nor_without_leave(user, active, away, served, settings):  # noqa: F811
    endpoint(served, completes="")
    endpoint(served, "off", is_enabled=False)
    endpoint(served, "cloud", kind="openai")
    assert last(user)["kind"] == "error"
    settings.ALLOW_CLOUD = True
    assert last(user)["model"] == "Mine cloud (cloud)"
    assert len(served.seen) == 1


def test_a_model_here_goes_first(user, active, served):  # noqa: F811
    active("sure@1")
    endpoint(served)
    assert last(user)["model"] == "sure@1"
    assert served.seen == []


@pytest.mark.parametrize("how", ["dies", "nonsense", "html", "refuses", "endless", "hangs"])
def test_one_that_fails_gives_way_and_rests_after_the_second_time(user, away, served, how, monkeypatch):  # noqa: F811
    monkeypatch.setattr(completion_sources, "ENDPOINT_FIRST_SECONDS", 0.3)
    endpoint(served, how)
    endpoint(served)
    for number in range(3):
        events = ask(user, wanted(1, before=f"{BEFORE}{number}, "))
        assert events[-1]["text"] == "0, 1);"
        assert events[-1]["model"] == "Mine good (good)"
        shown = ""
        for event in events[:-1]:
            shown = ("" if event["fresh"] else shown) + event["text"]
        assert shown == "0, 1);"
        cache.clear()
    name = f"Mine {how} ({how})"
    assert sum(body["model"] == how for _, body in served.seen) <= 2
    assert line_router.health(name)[1]


def test_the_text_after_the_line_is_left_out(user, away, served):  # noqa: F811
    endpoint(served, "heedless")
    assert last(user)["text"] == "0, 1);"


def test_a_newer_key_closes_the_connection(user, away, served):  # noqa: F811
    endpoint(served, "hangs")

    async def talk():
        socket = WebsocketCommunicator(CompletionConsumer.as_asgi(), "/ws/complete/")
        socket.scope["user"] = user
        await socket.connect()
        await socket.send_json_to(wanted(1, before=BEFORE))
        while not served.seen:
            await asyncio.sleep(0.01)
        await socket.send_json_to({"kind": "cancel"})
        closed = await asyncio.to_thread(served.left.wait, 5)
        await socket.disconnect()
        return closed

    assert asyncio.run(talk())


def test_entries_of_an_endpoint_stand_in_for_it(user, away, served, settings, workbench_runtime):  # noqa: F811
    made = endpoint(served)
    assert last(user)["source"] == "endpoint"
    # The first failures are over: the runtime rests, and the endpoint would be asked at once.
    last(user, before="let other = span(")
    again = last(user)
    assert (again["source"], again["model"]) == ("exact", "Mine good (good)")
    made.delete()
    recalled = last(user, before=BEFORE + "0")
    assert (recalled["text"], recalled["source"]) == (", 1);", "typed through")
    assert cache.counts.recalled
    settings.RUNTIME_URLS = [workbench_runtime.url]
    runtimes.cache_clear()
    assert last(user)["model"] == "sure@1"


def test_the_file_proposes_where_nobody_answers(user, away):  # noqa: F811
    done = last(user, before="fn alpha_total() {}\nfn main() { alpha_t", after=" }\n")
    assert (done["text"], done["source"], done["model"]) == ("otal", "identifier", "")


def test_an_endpoint_is_not_asked_for_what_the_file_repeats(user, away, served):  # noqa: F811
    endpoint(served)
    last(user)
    body = "    let total = account.balance_of(owner).unwrap_or_default();\n    report(total, owner);\n}\n\n"
    before = f"fn f() {{\n{body}" * 5 + "fn f() {\n    let total = account.balance_of("
    assert last(user, before=before, after="\n    report(total, owner);\n}\n")["source"] == "this file"
    assert len(served.seen) == 1


def test_of_several_runtimes_one_that_is_well_answers(user, active, settings, workbench_runtime):  # noqa: F811
    active("sure@1")
    with silent_server() as silent:
        settings.RUNTIME_URLS = [silent, NOBODY, workbench_runtime.url]
        runtimes.cache_clear()
        for number in range(3):
            assert last(user, before=f"{BEFORE}{number}, ")["model"] == "sure@1"
            running._kept = (0.0, (), [])
        assert running.runtime_router.health(silent)[0] == Health.FAILED
        assert running.runtime_router.health(NOBODY)[0] == Health.FAILED
        assert running.runtime_router.health(workbench_runtime.url) == (Health.HEALTHY, "")


def test_a_runtime_that_hangs_gives_way(user, active, settings, served, monkeypatch):  # noqa: F811
    active("sure@1")
    monkeypatch.setattr(completion_sources, "PROBE_SECONDS", 0.1)
    endpoint(served)
    with silent_server() as silent:
        settings.RUNTIME_URLS = [silent]
        runtimes.cache_clear()
        assert last(user)["model"] == "Mine good (good)"
        assert running.runtime_router.health(silent)[1]


def test_a_dead_runtime_and_a_dead_endpoint_delay_nothing_and_are_told(user, away):  # noqa: F811
    Endpoint.objects.create(name="Dead", url=f"{NOBODY}/v1", model="m", completes="infill")
    for _ in range(3):
        began = time.monotonic()
        event = last(user)
        assert event["kind"] == "error"
        assert "not running" in event["message"]
        # A bound that only a wait for a time limit would break.
        assert time.monotonic() - began < completion_sources.ENDPOINT_FIRST_SECONDS


def test_what_an_endpoint_wrote_is_not_explained_by_another(user, away, served):  # noqa: F811
    request = {"kind": "explain", "id": 1, "path": "a.rs", "before": BEFORE, "after": ")\n"}
    (event,) = ask(user, request | {"text": "0, 1);", "source": "endpoint", "model": "Mine good (good)"})
    assert event["message"].startswith("Mine good (good) wrote this.")


def test_leave_is_given_and_taken_on_the_page(owner, served):
    values = {"name": "Mine", "kind": "compatible", "url": served.url, "model": "good"}
    owner.post(reverse("add-endpoint"), values)
    made = Endpoint.objects.get()
    assert made.completes == ""
    owner.post(reverse("let-endpoint-complete", args=[made.pk]), {"completes": "infill"})
    made.refresh_from_db()
    assert made.completes == "infill"
    assert ModelEvent.objects.filter(action="let endpoint complete by infill").exists()
    answer = owner.post(reverse("let-endpoint-complete", args=[made.pk]), {"completes": "always"})
    assert answer.status_code == 400
    assert "Choose whether" in answer.content.decode()


@pytest.mark.parametrize(("kind", "how"), [("anthropic", "completions"), ("openai", "infill")])
def test_a_provider_is_not_asked_for_what_it_does_not_have(owner, kind, how):
    values = {"name": "Mine", "kind": kind, "url": "", "model": "m", "completes": how}
    assert owner.post(reverse("add-endpoint"), values).status_code == 400
    assert not Endpoint.objects.exists()
