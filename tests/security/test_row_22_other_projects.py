"""Row 22: an object of another project, asked for by its id, is not found."""

import pytest
from django.urls import reverse

from apps.assistant.models import Conversation
from apps.projects.models import Project
from apps.reviews.models import Review, Thread
from tests.source.repositories import TestRepository

pytestmark = pytest.mark.django_db(transaction=True)


def test_ids_of_another_project_find_nothing(owner, repository, work, tmp_path):
    other = TestRepository(tmp_path / "other")
    other.commit("Begin", {"src/lib.rs": "pub fn one() {}\n"})
    for path in (repository.path, other.path):
        owner.post(reverse("open-project"), {"path": str(path)})
    mine, others = Project.objects.order_by("id")
    for project in (mine, others):
        owner.post(reverse("start-review", args=[project.pk]), {"kind": "range", "head": "HEAD"})
    work()
    review, foreign = (Review.objects.get(project=project) for project in (mine, others))
    owner.post(
        reverse("start-thread", args=[others.pk, foreign.pk, 0]), {"side": "new", "line": "1", "body": "x"}
    )
    thread = Thread.objects.get()
    comment = thread.comments.get()
    owner.post(reverse("ask", args=[others.pk]), {"question": "What is one?"})
    conversation = Conversation.objects.get()
    looked = [
        reverse("chat", args=[mine.pk, conversation.pk]),
        reverse("review", args=[mine.pk, foreign.pk]),
        reverse("review-findings", args=[mine.pk, foreign.pk]),
        reverse("review-file", args=[mine.pk, foreign.pk, 0]),
        reverse("review-context", args=[mine.pk, foreign.pk, 0]),
        reverse("api-review", args=[mine.pk, foreign.pk]),
        reverse("api-findings", args=[mine.pk, foreign.pk]),
        reverse("edit-comment-form", args=[mine.pk, review.pk, comment.pk]),
    ]
    for address in looked:
        assert owner.get(address).status_code == 404, address
    sent = [
        reverse("ask-again", args=[mine.pk, conversation.pk]),
        reverse("delete-chat", args=[mine.pk, conversation.pk]),
        reverse("delete-review", args=[mine.pk, foreign.pk]),
        reverse("find-again", args=[mine.pk, foreign.pk]),
        reverse("review-viewed", args=[mine.pk, foreign.pk, 0]),
        reverse("start-thread", args=[mine.pk, foreign.pk, 0]),
        reverse("reply", args=[mine.pk, review.pk, thread.pk]),
        reverse("resolve-thread", args=[mine.pk, review.pk, thread.pk]),
        reverse("edit-comment", args=[mine.pk, review.pk, comment.pk]),
        reverse("remove-comment", args=[mine.pk, review.pk, comment.pk]),
    ]
    for address in sent:
        assert owner.post(address, {"body": "x", "side": "new", "line": "1"}).status_code == 404, address
    values = {"question": "Mine?", "conversation": str(conversation.pk)}
    assert owner.post(reverse("ask", args=[mine.pk]), values).status_code == 404
    assert conversation.messages.count() == 2
    assert Thread.objects.count() == 1
    assert Review.objects.count() == 2
