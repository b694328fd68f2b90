"""Conversations about lines."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST

from apps.reviews import selectors, services
from apps.reviews.diff_page import entry_of
from apps.reviews.models import Review, Thread
from rust_ai_ide.errors import RustAiIdeError


def _thread(request: HttpRequest, review: Review, thread: Thread) -> HttpResponse:
    fresh = selectors.thread_by_id(review, thread.pk)
    return render(request, "reviews/thread.html", {"review": review, "thread": fresh, "open": True})


@require_POST
def start(request: HttpRequest, project_id: int, review_id: int, index: int) -> HttpResponse:
    """Begin a thread at a line."""
    review = selectors.review_by_id(project_id, review_id)
    line = request.POST.get("line", "")
    if not line.isdecimal() or not 0 < int(line) < 10**9:
        raise NoSuchLine("A comment belongs to a line, and this names none.")
    thread = services.start_thread(
        review,
        path=entry_of(review, index).path,
        side=request.POST.get("side", ""),
        line=int(line),
        body=request.POST.get("body", ""),
        author=request.user.get_username(),
    )
    return _thread(request, review, thread)


class NoSuchLine(RustAiIdeError):
    """A thread was asked for at no line."""


@require_POST
def reply(request: HttpRequest, project_id: int, review_id: int, thread_id: int) -> HttpResponse:
    """Answer in a thread."""
    review = selectors.review_by_id(project_id, review_id)
    thread = selectors.thread_by_id(review, thread_id)
    services.reply(thread, body=request.POST.get("body", ""), author=request.user.get_username())
    return _thread(request, review, thread)


@require_POST
def resolve(request: HttpRequest, project_id: int, review_id: int, thread_id: int) -> HttpResponse:
    """Resolve a thread, or open it again."""
    review = selectors.review_by_id(project_id, review_id)
    thread = selectors.thread_by_id(review, thread_id)
    services.resolve(thread, request.POST.get("resolved") == "1")
    fresh = selectors.thread_by_id(review, thread_id)
    return render(request, "reviews/thread.html", {"review": review, "thread": fresh})


@require_GET
def edit_form(request: HttpRequest, project_id: int, review_id: int, comment_id: int) -> HttpResponse:
    """Render the form that changes a comment."""
    review = selectors.review_by_id(project_id, review_id)
    comment = selectors.comment_by_id(review, comment_id)
    return render(request, "reviews/edit_comment.html", {"review": review, "comment": comment})


@require_POST
def edit(request: HttpRequest, project_id: int, review_id: int, comment_id: int) -> HttpResponse:
    """Change a comment."""
    review = selectors.review_by_id(project_id, review_id)
    comment = selectors.comment_by_id(review, comment_id)
    services.edit(comment, request.POST.get("body", ""))
    return _thread(request, review, comment.thread)


@require_POST
def remove(request: HttpRequest, project_id: int, review_id: int, comment_id: int) -> HttpResponse:
    """Delete a comment; with the last one goes its thread."""
    review = selectors.review_by_id(project_id, review_id)
    thread = services.remove(selectors.comment_by_id(review, comment_id))
    return _thread(request, review, thread) if thread else HttpResponse("")
