"""Starting reviews, threads of comments, and viewed marks."""

import hashlib
import json
from typing import Any

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from apps.common.services import start_run
from apps.projects.models import Project
from apps.reviews.changes import Request, compare
from apps.reviews.models import Comment, Review, Side, Thread, ViewedMark
from rust_ai_ide.errors import RustAiIdeError

LONGEST_COMMENT = 20_000


class BadComment(RustAiIdeError):
    """A comment cannot be taken as it is."""


def start_review(project: Project, request: Request, options: dict[str, Any] | None = None) -> Review:
    """Review what is asked. The same trees with the same options are one review, however often it is asked for."""
    comparison = compare(project, request)
    options = options or {}
    facts = [request.kind, comparison.base_tree, comparison.head_tree, sorted(request.paths), options]
    identity = hashlib.blake2b(json.dumps(facts, sort_keys=True).encode(), digest_size=16).hexdigest()
    try:
        with transaction.atomic():
            review = Review.objects.create(
                project=project,
                kind=request.kind,
                title=comparison.title[:300],
                base_label=comparison.base_label[:300],
                head_label=comparison.head_label[:300],
                base_commit=comparison.base_commit,
                head_commit=comparison.head_commit,
                base_tree=comparison.base_tree,
                head_tree=comparison.head_tree,
                paths=sorted(request.paths),
                options=options,
                identity=identity,
                left_out=list(comparison.left_out),
            )
    except IntegrityError:
        return Review.objects.get(project=project, identity=identity)
    find(review)
    return review


def find(review: Review) -> None:
    """Start the search for findings."""
    review.run = start_run(
        kind="review",
        subject=f"review:{review.pk}",
        title=f"Review {review.title}",
        page=reverse("review", args=[review.project_id, review.pk]),
        arguments={"review": review.pk, "project": review.project_id},
    )
    review.save(update_fields=["run"])


def delete_review(review: Review) -> None:
    """Delete a review with its comments."""
    review.delete()


def start_thread(review: Review, *, path: str, side: str, line: int, body: str, author: str) -> Thread:
    """Begin a conversation about a line."""
    if side not in Side.values:
        raise BadComment("A comment belongs to the old or to the new version of a line.")
    with transaction.atomic():
        thread = Thread.objects.create(review=review, path=path, side=side, line=line)
        reply(thread, body=body, author=author)
    return thread


def reply(thread: Thread, *, body: str, author: str) -> Comment:
    """Add a remark to a thread."""
    return Comment.objects.create(thread=thread, author=author, body=_body(body))


def edit(comment: Comment, body: str) -> None:
    """Change a remark's words."""
    comment.body = _body(body)
    comment.edited_at = timezone.now()
    comment.save(update_fields=["body", "edited_at"])


def remove(comment: Comment) -> Thread | None:
    """Delete a remark; the thread goes with its last one. Return the thread, if it is still there."""
    thread = comment.thread
    with transaction.atomic():
        comment.delete()
        if thread.comments.exists():
            return thread
        thread.delete()
    return None


def resolve(thread: Thread, resolved: bool) -> None:
    """Close a conversation, or open it again."""
    Thread.objects.filter(pk=thread.pk).update(is_resolved=resolved)
    thread.is_resolved = resolved


def mark_viewed(review: Review, path: str, contents: str, viewed: bool) -> None:
    """Remember, or forget, that the reader is done with a file's change."""
    if viewed:
        ViewedMark.objects.get_or_create(project_id=review.project_id, path=path, contents=contents)
    else:
        ViewedMark.objects.filter(project_id=review.project_id, path=path, contents=contents).delete()


def _body(body: str) -> str:
    body = body.strip()
    if not body:
        raise BadComment("The comment is empty.")
    if len(body) > LONGEST_COMMENT:
        raise BadComment(f"The comment has {len(body):,} characters; {LONGEST_COMMENT:,} are the most.")
    return body
