"""The long work on reviews: judging the files of a change or of a workspace, and whole histories."""

from dataclasses import asdict
from typing import Any

from django.db import transaction

from apps.common.performing import performs
from apps.projects.models import Project
from apps.projects.places import addressed
from apps.reviews import quality
from apps.reviews.finding import find
from apps.reviews.models import Review, ReviewFinding
from rust_ai_ide.observability.events import Report

BATCH = 500


@performs("review")
def review(arguments: dict[str, Any], report: Report) -> None:
    """Find what there is to say, and keep it all at once, so that a reader never sees half a review."""
    subject = Review.objects.select_related("project").get(pk=arguments["review"])
    result = find(subject, report)
    rows = [
        ReviewFinding(review=subject, **{**asdict(finding), "path": addressed(finding.path)})
        for finding in result.findings
    ]
    with transaction.atomic():
        subject.findings.all().delete()
        ReviewFinding.objects.bulk_create(rows, batch_size=BATCH)
        Review.objects.filter(pk=subject.pk).update(notes=result.notes, score=result.score)


@performs(quality.KIND)
def work_out_quality(arguments: dict[str, Any], report: Report) -> None:
    """Judge the commits of a project that are not judged yet."""
    quality.work_out(Project.objects.get(pk=arguments["project"]), report)
