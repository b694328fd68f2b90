"""The chat: answers found, answers written by a real model, stopping, asking again, and what survives."""

import asyncio
import re

import pytest
from channels.testing import WebsocketCommunicator
from django.urls import reverse
from django.utils import timezone

from apps.assistant import chatting as chatting_module
from apps.assistant import services
from apps.assistant.consumers import ChatConsumer
from apps.assistant.models import ChatMessage, Conversation
from apps.models.models import ModelVersion
from apps.models.registry import sync_registry

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def project(owner, repository):
    answer = owner.post(reverse("open-project"), {"path": str(repository.path)})
    return int(answer.url.strip("/").split("/")[-1])


@pytest.fixture
def chatting(library, workbench_runtime):
    """Let `tiny` answer; `long` chats in the tests that stop it, and only there."""
    sync_registry()
    ModelVersion.objects.exclude(name="tiny").update(can_chat=False)


def ask(owner, project, question="Where is a file opened?", conversation=""):
    answer = owner.post(reverse("ask", args=[project]), {"question": question, "conversation": conversation})
    return Conversation.objects.get(pk=int(answer.url.strip("/").split("/")[-1]))


def follow(django_user, conversation, *, stop_after=None):
    """Open the conversation's socket as its page does; return what it said."""

    async def talk():
        socket = WebsocketCommunicator(ChatConsumer.as_asgi(), f"/ws/chat/{conversation.pk}/")
        socket.scope["user"] = django_user
        socket.scope["url_route"] = {"kwargs": {"conversation_id": conversation.pk}}
        assert (await socket.connect())[0]
        said = []
        while not said or said[-1]["kind"] != "kept":
            said.append(await socket.receive_json_from(timeout=20))
            if stop_after is not None and len(said) == stop_after:
                await socket.send_json_to({"kind": "stop"})
        await socket.disconnect()
        return said

    return asyncio.run(talk())


@pytest.fixture
def user(owner, django_user_model):
    return django_user_model.objects.get()


def answer_of(conversation):
    return ChatMessage.objects.filter(conversation=conversation, role="assistant").get()


def test_without_a_chat_model_places_are_found_quoted_and_labelled(owner, user, project):
    conversation = ask(owner, project)
    follow(user, conversation)
    page = owner.get(reverse("chat", args=[project, conversation.pk])).content.decode()
    assert "Found in the repository, not written by a model" in page
    assert re.search(r'href="/projects/\d+/file/src/lib.rs#L\d+"', page)
    assert "pub fn open" in page
    assert answer_of(conversation).model == ""


def test_a_question_nothing_answers_is_told(owner, user, project):
    conversation = ask(owner, project, "zyzzyva quokka")
    follow(user, conversation)
    page = owner.get(reverse("chat", args=[project, conversation.pk])).content.decode()
    assert "Nothing in the repository has these words" in page


def test_a_chat_model_writes_and_the_page_says_which_and_what_it_was_shown(owner, user, project, chatting):
    conversation = ask(owner, project)
    said = follow(user, conversation)
    assert said[0]["kind"] == "text"
    answer = answer_of(conversation)
    assert answer.state == ChatMessage.State.DONE
    assert answer.text
    assert answer.model == "tiny@1"
    assert 0 < answer.context["tokens"] < 1024
    assert 0 < answer.context["relevance_kept"] <= 1
    page = owner.get(reverse("chat", args=[project, conversation.pk])).content.decode()
    assert "Written by tiny@1" in page
    assert "What the model was shown" in page


def test_stopping_keeps_what_was_written_and_frees_the_model(
    owner, user, project, chatting, workbench_runtime, monkeypatch
):
    # Long enough that the stop comes in time on any machine.
    monkeypatch.setattr(chatting_module, "MOST_TOKENS", 5000)
    endless = "{% for m in messages %}{{ m.content }}{% endfor %}"
    _with_template(workbench_runtime, endless)
    conversation = ask(owner, project)
    follow(user, conversation, stop_after=1)
    answer = answer_of(conversation)
    assert answer.state == ChatMessage.State.STOPPED
    assert answer.text
    workbench_runtime.wait(lambda status: not any(row["is_busy"] for row in status["models"]), seconds=10)


def _with_template(runtime, template):
    """Let `long` chat, which never ends by itself, in the table and in the runtime."""
    import json

    manifest = runtime.home / "models" / "long@1" / "manifest.json"
    values = json.loads(manifest.read_text())
    manifest.write_text(json.dumps(values | {"chat_template": template}))
    try:
        runtime.ask("/unload", {"model": "long"})
        runtime.ask("/load", {"model": "long"})
    finally:
        manifest.write_text(json.dumps(values))
    ModelVersion.objects.update(can_chat=False)
    ModelVersion.objects.filter(name="long").update(can_chat=True, context_length=20_000)


def test_asking_again_replaces_the_answer(owner, user, project):
    conversation = ask(owner, project)
    follow(user, conversation)
    first = answer_of(conversation)
    owner.post(reverse("ask-again", args=[project, conversation.pk]))
    follow(user, conversation)
    assert answer_of(conversation).pk != first.pk
    assert ChatMessage.objects.filter(conversation=conversation).count() == 2


def test_an_answer_whose_process_died_is_written_by_the_next_page(owner, user, project):
    conversation = ask(owner, project)
    dead = timezone.now() - 2 * services.SILENCE
    ChatMessage.objects.filter(role="assistant").update(state="answering", beat_at=dead, text="half")
    follow(user, conversation)
    assert answer_of(conversation).state == ChatMessage.State.DONE


def test_a_second_page_leaves_the_first_to_write(owner, user, project):
    conversation = ask(owner, project)
    ChatMessage.objects.filter(role="assistant").update(state="answering", beat_at=timezone.now(), text="")
    assert follow(user, conversation) == [{"kind": "kept"}]
    assert answer_of(conversation).state == ChatMessage.State.ANSWERING


def test_a_conversation_goes_on_and_is_listed(owner, user, project):
    conversation = ask(owner, project)
    follow(user, conversation)
    assert ask(owner, project, "And where is it closed?", str(conversation.pk)) == conversation
    page = owner.get(reverse("chats", args=[project])).content.decode()
    assert "Where is a file opened?" in page
    assert ChatMessage.objects.filter(conversation=conversation, role="user").count() == 2


def test_a_question_while_another_is_answered_is_refused_and_kept_in_the_form(owner, project):
    conversation = ask(owner, project)
    values = {"question": "And <b>now</b>?", "conversation": str(conversation.pk)}
    answer = owner.post(reverse("ask", args=[project]), values)
    assert answer.status_code == 400
    assert "And &lt;b&gt;now&lt;/b&gt;?</textarea>" in answer.content.decode()


@pytest.mark.parametrize("question", ["", "   ", "x" * 20_001])
def test_questions_that_are_none_are_refused(owner, project, question):
    assert owner.post(reverse("ask", args=[project]), {"question": question}).status_code == 400
    assert not Conversation.objects.exists()


def test_a_dead_runtime_is_one_sentence_and_places_are_found_instead(
    owner, user, project, chatting, settings
):
    from apps.models.runtimes import runtimes

    settings.RUNTIME_URLS = ["http://127.0.0.1:9"]
    runtimes.cache_clear()
    conversation = ask(owner, project)
    follow(user, conversation)
    answer = answer_of(conversation)
    assert "not running" in answer.error
    page = owner.get(reverse("chat", args=[project, conversation.pk])).content.decode()
    assert "Found in the repository, not written by a model" in page
    assert "Try again" in page


def test_deleting_forgets_all_of_it(owner, user, project):
    conversation = ask(owner, project)
    owner.post(reverse("delete-chat", args=[project, conversation.pk]))
    assert not ChatMessage.objects.exists()
