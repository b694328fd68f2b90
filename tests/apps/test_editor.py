"""The editor: opening and saving over HTTP, completions over its socket from a real runtime."""

import asyncio

import pytest
from channels.testing import WebsocketCommunicator
from django.urls import reverse

from apps.assistant import completing
from apps.assistant.consumers import CompletionConsumer
from apps.models.models import ModelVersion
from apps.models.registry import sync_registry
from apps.models.running import forget_active_model
from apps.models.runtimes import runtimes
from tests.apps.line_server import forget_how_they_did

pytestmark = pytest.mark.django_db(transaction=True)
PATH = "src/lib.rs"
PLAIN = "notes.txt"


@pytest.fixture
def address(owner, repository):
    answer = owner.post(reverse("open-project"), {"path": str(repository.path)})
    project = int(answer.url.strip("/").split("/")[-1])
    return reverse("edit", args=[project, PATH])


def digest_of(page) -> str:
    return page.content.decode().split('data-digest="')[1].split('"')[0]


def test_a_file_is_shown_and_saved(owner, address, repository):
    page = owner.get(address)
    assert "pub fn open" in page.content.decode()
    answer = owner.post(address, {"text": "fn main() {}\n", "expected": digest_of(page)})
    assert answer.status_code == 200
    assert (repository.path / PATH).read_text() == "fn main() {}\n"
    again = owner.post(address, {"text": "fn other() {}\n", "expected": answer.json()["digest"]})
    assert again.status_code == 200


def test_a_change_on_disk_is_answered_with_what_is_there(owner, address, repository):
    page = owner.get(address)
    (repository.path / PATH).write_text("theirs\n")
    answer = owner.post(address, {"text": "mine\n", "expected": digest_of(page)})
    assert answer.status_code == 409
    assert answer.json()["current"]["text"] == "theirs\n"
    assert "changed on disk" in answer.json()["message"]
    assert (repository.path / PATH).read_text() == "theirs\n"


def test_the_file_page_leads_to_the_editor_only_for_the_work_tree(owner, address):
    page = address.replace("/edit/", "/file/")
    assert address in owner.get(page).content.decode()
    assert address not in owner.get(page + "?at=main").content.decode()


def test_no_way_leads_out_of_the_project(owner, address, repository):
    (repository.path.parent / "secret.rs").write_text("secret")
    for path in ("../secret.rs", "..%2fsecret.rs", "%252e%252e/secret.rs", ".git/config", "/etc/passwd"):
        assert owner.get(address.replace(PATH, path)).status_code in {400, 404}
        answer = owner.post(address.replace(PATH, path), {"text": "x", "expected": ""})
        assert answer.status_code in {400, 404}
    assert (repository.path.parent / "secret.rs").read_text() == "secret"


def test_strangers_do_not_edit(client, address):
    client.logout()
    assert client.post(address, {"text": "x", "expected": ""}).status_code == 302


@pytest.fixture
def user(django_user_model):
    return django_user_model.objects.get_or_create(username="owner")[0]


@pytest.fixture
def active(library, workbench_runtime):
    """Make a version the active one."""
    completing.cache.clear()
    forget_how_they_did()
    sync_registry()

    def activate(identifier):
        name, _, version = identifier.partition("@")
        ModelVersion.objects.update(is_active=False)
        ModelVersion.objects.filter(name=name, version=version).update(is_active=True)
        forget_active_model()

    return activate


def ask(user, *requests, until=1):
    """Send requests over one socket; return the events up to so many ends."""

    async def talk():
        socket = WebsocketCommunicator(CompletionConsumer.as_asgi(), "/ws/complete/")
        socket.scope["user"] = user
        assert (await socket.connect())[0]
        for request in requests:
            await socket.send_json_to(request)
        events = []
        while sum(event["kind"] in {"done", "error"} for event in events) < until:
            events.append(await socket.receive_json_from(timeout=10))
        await socket.disconnect()
        return events

    return asyncio.run(talk())


def wanted(number, before="pub fn item_1(", after=")\n"):
    return {"kind": "complete", "id": number, "path": PLAIN, "before": before, "after": after}


def test_a_completion_streams_and_says_where_it_came_from(user, active):
    active("sure@1")
    *texts, done = ask(user, wanted(1))
    assert len(texts) > 2
    assert {event["id"] for event in texts} == {1}
    assert done["text"]
    assert done["source"] == "model"
    assert done["model"] == "sure@1"
    text = "".join(event["text"] for event in texts)
    assert "\n" not in text
    assert text.startswith(done["text"])

    (again,) = ask(user, wanted(2))
    assert again["source"] == "exact"
    assert again["text"] == done["text"]
    (typed,) = ask(user, wanted(3, before="pub fn item_1(" + text[:2]))
    assert typed["source"] == "typed through"
    assert typed["text"] == done["text"][2:]


def test_what_the_file_repeats_needs_no_model(user, active, settings):
    active("sure@1")
    settings.RUNTIME_URLS = ["http://127.0.0.1:9"]
    runtimes.cache_clear()
    line = "    let total = account.balance_of(owner).unwrap_or_default();\n"
    before = f"fn a() {{\n{line}}}\n\nfn b() {{\n    let total = account.balance_of("
    (done,) = ask(user, wanted(1, before=before, after="\n}\n"))
    assert done["text"] == "owner).unwrap_or_default();"
    assert done["source"] == "this file"


def test_of_an_endless_line_only_the_beginning_is_suggested(user, active):
    active("sure@1")
    line = " ".join(f"word{number}" for number in range(60))
    before = f"{line};\n    finish(first);\n" * 4 + line[:60]
    done = ask(user, wanted(1, before=before, after="\n    finish(first);\n"))[-1]
    assert done["source"] == "this file"
    assert 100 < len(done["text"]) <= completing.LONGEST_SHOWN
    assert line[60:].startswith(done["text"])


def test_an_unlikely_completion_is_withdrawn(user, active):
    active("tiny@1")
    done = ask(user, wanted(1, before="pub fn x"))[-1]
    assert done["text"] == ""


def test_a_newer_request_replaces_the_older(user, active):
    active("sure@1")
    events = ask(user, wanted(1), wanted(2, before="let mut y = "))
    assert events[-1]["id"] == 2
    assert events[-1]["kind"] == "done"


def test_another_loaded_model_answers_for_one_that_is_not_and_is_named(user, active, workbench_runtime):
    active("long@1")
    workbench_runtime.ask("/unload", {"model": "long"})
    workbench_runtime.ask("/unload", {"model": "tiny"})
    done = ask(user, wanted(1))[-1]
    assert (done["source"], done["model"]) == ("model", "sure@1")
    assert done["text"]


def test_where_no_model_is_loaded_it_is_told_in_a_sentence(user, active, workbench_runtime):
    active("long@1")
    for model in ("long", "tiny", "sure"):
        workbench_runtime.ask("/unload", {"model": model})
    (event,) = ask(user, wanted(1))
    assert event["message"] == "long@1 is not loaded. Load it on the page Models."


def test_without_a_runtime_the_editor_says_so_quickly(user, active, settings):
    active("sure@1")
    settings.RUNTIME_URLS = ["http://127.0.0.1:9"]
    runtimes.cache_clear()
    (event,) = ask(user, wanted(1))
    assert event["kind"] == "error"
    assert "not running" in event["message"]


@pytest.mark.parametrize("change", [{"before": None}, {"path": 3}, {"after": "x" * 200_001}])
def test_a_request_without_its_parts_is_told(user, active, change):
    active("sure@1")
    (event,) = ask(user, wanted(1) | change)
    assert event["kind"] == "error"
