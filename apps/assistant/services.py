"""Asking, asking again, stopping, and keeping answers."""

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from apps.assistant.models import ChatMessage, Conversation
from apps.projects.models import Project
from rust_ai_ide.runtime.errors import InvalidConfig

LONGEST_QUESTION = 20_000
SILENCE = timedelta(seconds=15)
"""After so long without a beat, the process that answered counts as dead."""


@transaction.atomic
def ask(project: Project, question: str, conversation: Conversation | None) -> Conversation:
    """Add a question and an answer that waits, to a conversation or to a new one. Raises InvalidConfig."""
    question = question.strip()
    if not question:
        raise InvalidConfig("Write a question first.", "question")
    if len(question) > LONGEST_QUESTION:
        raise InvalidConfig(f"A question may have {LONGEST_QUESTION:,} characters.", "question")
    if conversation is None:
        conversation = Conversation.objects.create(project=project, title=_title(question))
    elif _unfinished(conversation).exists():
        raise InvalidConfig("The last question is still being answered; stop it first.", "question")
    ChatMessage.objects.create(conversation=conversation, role=ChatMessage.Role.USER, text=question)
    _wait_for_answer(conversation)
    conversation.save()
    return conversation


@transaction.atomic
def ask_again(conversation: Conversation) -> None:
    """Throw the last answer away and let the question be answered anew."""
    last = ChatMessage.objects.filter(conversation=conversation).last()
    if last is None or last.role != ChatMessage.Role.ASSISTANT or last.state == ChatMessage.State.ANSWERING:
        return
    last.delete()
    _wait_for_answer(conversation)


def delete_conversation(conversation: Conversation) -> None:
    """Forget a conversation."""
    conversation.delete()


def claim(answer: ChatMessage) -> bool:
    """Take an answer that waits, or whose process is dead; tell whether it is ours to write."""
    dead = Q(state=ChatMessage.State.ANSWERING) & Q(beat_at__lt=timezone.now() - SILENCE)
    free = Q(state=ChatMessage.State.WAITING) | dead
    query = ChatMessage.objects.filter(free, pk=answer.pk)
    return query.update(state=ChatMessage.State.ANSWERING, beat_at=timezone.now(), text="", error="") == 1


def beat(answer: ChatMessage) -> None:
    """Say that the answer is still being written."""
    ChatMessage.objects.filter(pk=answer.pk).update(beat_at=timezone.now())


def keep(answer: ChatMessage, state: ChatMessage.State, **values: Any) -> None:
    """Store what an answer came to."""
    ChatMessage.objects.filter(pk=answer.pk).update(state=state, **values)
    Conversation.objects.filter(pk=answer.conversation_id).update(updated_at=timezone.now())


def _unfinished(conversation: Conversation) -> Any:
    states = (ChatMessage.State.WAITING, ChatMessage.State.ANSWERING)
    return ChatMessage.objects.filter(conversation=conversation, state__in=states)


def _wait_for_answer(conversation: Conversation) -> None:
    ChatMessage.objects.create(
        conversation=conversation, role=ChatMessage.Role.ASSISTANT, state=ChatMessage.State.WAITING
    )


def _title(question: str) -> str:
    line = question.splitlines()[0]
    return line if len(line) <= 100 else f"{line[:100].rsplit(' ', 1)[0]}…"
