"""Reading conversations, always through their project."""

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from apps.assistant.models import ChatMessage, Conversation
from apps.projects.models import Project

CONVERSATIONS_SHOWN = 100


def conversations_of(project: Project) -> QuerySet[Conversation]:
    """Return a project's conversations, the last changed first."""
    return Conversation.objects.filter(project=project)[:CONVERSATIONS_SHOWN]


def conversation_by_id(project_id: int, conversation_id: int) -> Conversation:
    """Return a conversation of this project, or answer 404."""
    query = Conversation.objects.select_related("project").filter(project__forgotten_at=None)
    return get_object_or_404(query, pk=conversation_id, project_id=project_id)


def messages_of(conversation: Conversation) -> QuerySet[ChatMessage]:
    """Return the turns of a conversation."""
    return ChatMessage.objects.filter(conversation=conversation)


def open_answer(conversation_id: int) -> ChatMessage | None:
    """Return the answer of a conversation that is not finished."""
    unfinished = (ChatMessage.State.WAITING, ChatMessage.State.ANSWERING)
    return (
        ChatMessage.objects.select_related("conversation__project")
        .filter(
            conversation_id=conversation_id, state__in=unfinished, conversation__project__forgotten_at=None
        )
        .last()
    )
