"""The chat about a project."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from apps.assistant import selectors, services
from apps.assistant.models import Conversation
from apps.models.chat_sources import chat_sources
from apps.projects.models import Project
from apps.projects.places import place_of
from apps.projects.selectors import project_by_id
from rust_ai_ide.runtime.errors import InvalidConfig


@require_GET
def chats(request: HttpRequest, project_id: int) -> HttpResponse:
    """Show an empty conversation beside the earlier ones."""
    return _chat(request, project_by_id(project_id), None)


@require_GET
def chat(request: HttpRequest, project_id: int, conversation_id: int) -> HttpResponse:
    """Show a conversation."""
    conversation = selectors.conversation_by_id(project_id, conversation_id)
    if request.headers.get("X-Fragment") == "messages":
        return render(request, "assistant/messages.html", _messages(conversation.project, conversation))
    return _chat(request, conversation.project, conversation)


@require_POST
def ask(request: HttpRequest, project_id: int) -> HttpResponse:
    """Ask a question, in a conversation or in a new one."""
    project = project_by_id(project_id)
    question, number = request.POST.get("question", ""), request.POST.get("conversation", "")
    conversation = selectors.conversation_by_id(project_id, int(number)) if number.isdecimal() else None
    try:
        conversation = services.ask(project, question, conversation)
    except InvalidConfig as error:
        return _chat(request, project, conversation, error=str(error), entered=question, status=400)
    return redirect("chat", project_id, conversation.pk)


@require_POST
def again(request: HttpRequest, project_id: int, conversation_id: int) -> HttpResponse:
    """Answer the last question anew."""
    services.ask_again(selectors.conversation_by_id(project_id, conversation_id))
    return redirect("chat", project_id, conversation_id)


@require_POST
def delete(request: HttpRequest, project_id: int, conversation_id: int) -> HttpResponse:
    """Forget a conversation."""
    services.delete_conversation(selectors.conversation_by_id(project_id, conversation_id))
    return redirect("chats", project_id)


def _chat(
    request: HttpRequest,
    project: Project,
    conversation: Conversation | None,
    *,
    error: str = "",
    entered: str = "",
    status: int = 200,
) -> HttpResponse:
    context = {
        "section": "chat",
        "crumbs": [{"label": "Chat"}],
        "conversations": selectors.conversations_of(project),
        "source": next(iter(chat_sources()), None),
        "error": error,
        "entered": entered,
        **_messages(project, conversation),
    }
    return render(request, "assistant/chat.html", context, status=status)


def _messages(project: Project, conversation: Conversation | None) -> dict[str, object]:
    return {
        "project": project,
        "place": place_of(project),
        "conversation": conversation,
        "turns": selectors.messages_of(conversation) if conversation else [],
        "open": selectors.open_answer(conversation.pk) if conversation else None,
    }
