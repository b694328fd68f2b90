"""Reading reviews. Everything is looked up through its project, so another project's id finds nothing."""

from collections import Counter

from django.db.models import Count
from django.shortcuts import get_object_or_404

from apps.projects.models import Project
from apps.reviews.models import Comment, Review, ReviewFinding, Thread, ViewedMark


def reviews_of(project: Project) -> list[Review]:
    """Return the project's reviews, newest first."""
    return list(
        project.reviews.select_related("run").annotate(thread_count=Count("threads")).order_by("-id")[:200]
    )


def review_by_id(project_id: int, review_id: int) -> Review:
    """Return the review of this project, or answer 404."""
    query = Review.objects.select_related("project", "run").filter(project__forgotten_at=None)
    return get_object_or_404(query, pk=review_id, project_id=project_id)


def findings_of(review: Review, path: str | None = None) -> list[ReviewFinding]:
    """Return the findings of a review, or of one of its files."""
    query = review.findings.all()
    return list(query if path is None else query.filter(path=path))


def severity_counts(review: Review) -> dict[str, int]:
    """Count the findings by severity, worst first."""
    counts = Counter(review.findings.values_list("severity", flat=True))
    return {name: counts[name] for name in ("critical", "error", "warning", "info") if counts[name]}


def counts_by_path(review: Review) -> tuple[Counter[str], Counter[str]]:
    """Count findings, and open threads, by file."""
    findings = Counter(review.findings.values_list("path", flat=True))
    threads = Counter(review.threads.filter(is_resolved=False).values_list("path", flat=True))
    return findings, threads


def threads_of(review: Review, path: str | None = None) -> list[Thread]:
    """Return the threads of a review, or of one of its files, with their comments."""
    query = review.threads.prefetch_related("comments")
    return list(query if path is None else query.filter(path=path))


def thread_by_id(review: Review, thread_id: int) -> Thread:
    """Return the thread of this review, or answer 404."""
    return get_object_or_404(Thread.objects.prefetch_related("comments"), pk=thread_id, review=review)


def comment_by_id(review: Review, comment_id: int) -> Comment:
    """Return the comment of this review, or answer 404."""
    return get_object_or_404(Comment.objects.select_related("thread"), pk=comment_id, thread__review=review)


def viewed_contents(project_id: int) -> set[tuple[str, str]]:
    """Return the (path, contents) pairs that are marked as viewed."""
    return set(ViewedMark.objects.filter(project_id=project_id).values_list("path", "contents"))
