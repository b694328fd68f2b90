"""Chat models elsewhere: setting them up, asking them, and what never happens without leave."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.urls import reverse

from apps.models.chat_sources import router
from apps.models.models import Endpoint, ModelVersion
from rust_ai_ide.runtime.endpoints import EndpointKind, checked_url
from rust_ai_ide.runtime.errors import InvalidConfig
from tests.apps.test_chat import answer_of, ask, follow, project, user  # noqa: F401 - fixtures

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def well():
    router._records.clear()


def values(**changes):
    return {"name": "Mine", "kind": "compatible", "url": "http://127.0.0.1:9/v1", "model": "m"} | changes


@pytest.fixture
def served(owner, runtime):
    """A runtime of ours, set up as if it were another's server."""
    owner.post(
        reverse("add-endpoint"),
        values(url=f"{runtime.url}/v1", model="tiny@1", key=runtime.key, context_length="1024"),
    )
    ModelVersion.objects.all().delete()
    return Endpoint.objects.get()


def test_an_endpoint_answers_a_chat_and_the_page_says_that_code_leaves(owner, user, project, served):  # noqa: F811
    page = owner.get(reverse("chats", args=[project])).content.decode()
    assert "Leaves this machine" in page
    conversation = ask(owner, project)
    said = follow(user, conversation)
    assert said[0]["kind"] == "text", answer_of(conversation).error
    assert answer_of(conversation).model == "Mine (tiny@1)"
    assert answer_of(conversation).text


def test_a_key_is_never_shown_nor_stored_in_clear(owner, served, runtime):
    assert runtime.key.encode() not in bytes(served.sealed_key)
    assert runtime.key not in owner.get(reverse("endpoints")).content.decode()
    assert owner.post(reverse("try-endpoint", args=[served.pk]), follow=True).status_code == 200


def test_one_that_does_not_answer_gives_way_to_the_next(owner, user, project, served, runtime):  # noqa: F811
    Endpoint.objects.create(name="Dead", url="http://127.0.0.1:9/v1", model="m", pk=served.pk - 1)
    conversation = ask(owner, project)
    follow(user, conversation)
    assert answer_of(conversation).model == "Mine (tiny@1)"
    assert router.health("Dead (m)")[1]


def test_a_wrong_key_is_told(owner, served, runtime):
    owner.post(reverse("delete-endpoint", args=[served.pk]))
    owner.post(reverse("add-endpoint"), values(url=f"{runtime.url}/v1", key="wrong"))
    page = owner.post(reverse("try-endpoint", args=[Endpoint.objects.get().pk]))
    assert page.status_code == 502
    assert "does not accept the key" in page.content.decode()


def test_one_that_is_off_is_not_asked(owner, user, project, served):  # noqa: F811
    owner.post(reverse("switch-endpoint", args=[served.pk]))
    assert "Leaves this machine" not in owner.get(reverse("chats", args=[project])).content.decode()
    conversation = ask(owner, project)
    follow(user, conversation)
    assert answer_of(conversation).model == ""


class Anthropic(BaseHTTPRequestHandler):
    """Speaks as much of Anthropic's interface as is used."""

    seen: list[tuple[dict[str, str], dict[str, object]]] = []

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.seen.append((dict(self.headers), body))
        events = [
            {"type": "message_start"},
            {"type": "content_block_delta", "delta": {"type": "text_delta", "text": "It is "}},
            {"type": "content_block_delta", "delta": {"type": "text_delta", "text": "in lib.rs."}},
            {"type": "message_stop"},
        ]
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        for event in events:
            self.wfile.write(f"event: {event['type']}\ndata: {json.dumps(event)}\n\n".encode())

    def log_message(self, *arguments):
        pass


def test_providers_are_off_until_the_settings_allow_them(owner, user, project, settings):  # noqa: F811
    server = ThreadingHTTPServer(("127.0.0.1", 0), Anthropic)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    Anthropic.seen.clear()
    try:
        owner.post(reverse("add-endpoint"), values(kind="anthropic", url="", key="sk-1"))
        # Only the address is that of the test; it was checked to be https before.
        assert Endpoint.objects.get().url == "https://api.anthropic.com/v1"
        Endpoint.objects.update(url=f"http://127.0.0.1:{server.server_port}/v1")
        conversation = ask(owner, project)
        follow(user, conversation)
        assert not Anthropic.seen
        settings.ALLOW_CLOUD = True
        owner.post(reverse("ask-again", args=[project, conversation.pk]))
        follow(user, conversation)
        assert answer_of(conversation).text == "It is in lib.rs."
        headers, body = Anthropic.seen[0]
        assert headers["x-api-key"] == "sk-1"
        assert body["messages"] == [{"role": "user", "content": "Where is a file opened?"}]
        assert "data" in body["system"]
    finally:
        server.shutdown()
        server.server_close()


@pytest.mark.parametrize(
    "change",
    [
        {"url": "ftp://x/v1"}, {"url": "http://"}, {"url": "http://u:p@h/v1"}, {"url": "http://h/v1?a=b"},
        {"url": "http://h:99999/v1"}, {"url": "http://a b/v1"}, {"kind": "other"}, {"name": " "}, {"model": ""},
        {"context_length": "-5"}, {"context_length": "many"}, {"key": "a\nb"}, {"kind": "openai", "url": "http://h/v1"},
    ],
)  # fmt: skip
def test_what_cannot_be_an_endpoint_is_refused_and_kept_in_the_form(owner, change):
    answer = owner.post(reverse("add-endpoint"), values(**change))
    assert answer.status_code == 400
    assert 'role="alert"' in answer.content.decode()
    assert not Endpoint.objects.exists()


def test_a_name_is_taken_once(owner):
    owner.post(reverse("add-endpoint"), values())
    assert owner.post(reverse("add-endpoint"), values()).status_code == 400


def test_addresses_lose_their_last_slash_and_providers_have_their_own():
    assert checked_url(EndpointKind.COMPATIBLE, " http://[::1]:8000/v1/ ") == "http://[::1]:8000/v1"
    assert checked_url(EndpointKind.OPENAI, "") == "https://api.openai.com/v1"
    with pytest.raises(InvalidConfig):
        checked_url(EndpointKind.COMPATIBLE, "")
