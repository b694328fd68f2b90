"""REST: projects, reviews and their findings. `docs/api.md` describes it."""

from typing import Any

from rest_framework import serializers, status
from rest_framework.decorators import api_view
from rest_framework.request import Request as HttpRequest
from rest_framework.response import Response

from apps.projects.selectors import all_projects, project_by_id
from apps.reviews import selectors, services
from apps.reviews.changes import Request
from apps.reviews.models import Review, ReviewFinding
from rust_ai_ide.review.findings import Severity


class ReviewRequest(serializers.Serializer):
    """What to review."""

    kind = serializers.ChoiceField(Review.Kind.choices)
    base = serializers.CharField(required=False, default="", allow_blank=True, max_length=300)
    head = serializers.CharField(required=False, default="", allow_blank=True, max_length=300)
    paths = serializers.ListField(
        child=serializers.CharField(max_length=4096), required=False, default=list, max_length=10_000
    )
    severity = serializers.ChoiceField([severity.value for severity in Severity], required=False)


class FindingShape(serializers.ModelSerializer):
    """A finding, with the fields of the command line's JSON."""

    class Meta:
        model = ReviewFinding
        fields = [
            "rule",
            "category",
            "severity",
            "confidence",
            "path",
            "start_line",
            "start_column",
            "end_line",
            "end_column",
            "message",
            "suggestion",
            "fingerprint",
            "fix",
        ]


def _shape(review: Review) -> dict[str, Any]:
    return {
        "id": review.pk,
        "kind": review.kind,
        "title": review.title,
        "base": review.base_commit,
        "head": review.head_commit,
        "state": review.run.state if review.run else "failed",
        "error": review.run.error if review.run else "",
        "score": review.score,
        "notes": review.all_notes,
        "findings": selectors.severity_counts(review),
    }


@api_view(["GET"])
def projects(request: HttpRequest) -> Response:
    """List the projects."""
    return Response(
        [
            {"id": project.pk, "name": project.name, "origin": project.origin, "location": project.location}
            for project in all_projects()
        ]
    )


@api_view(["GET", "POST"])
def reviews(request: HttpRequest, project_id: int) -> Response:
    """List a project's reviews, or start one."""
    project = project_by_id(project_id)
    if request.method == "GET":
        return Response([_shape(review) for review in selectors.reviews_of(project)])
    asked = ReviewRequest(data=request.data)
    asked.is_valid(raise_exception=True)
    values = asked.validated_data
    wanted = Request(values["kind"], values["base"], values["head"], tuple(values["paths"]))
    options = {"severity": values["severity"]} if "severity" in values else {}
    review = services.start_review(project, wanted, options)
    return Response(_shape(review), status=status.HTTP_201_CREATED)


@api_view(["GET"])
def review(request: HttpRequest, project_id: int, review_id: int) -> Response:
    """Show one review: its state and counts."""
    return Response(_shape(selectors.review_by_id(project_id, review_id)))


@api_view(["GET"])
def findings(request: HttpRequest, project_id: int, review_id: int) -> Response:
    """List a review's findings, as `rust-ai-ide review --output-format json` does."""
    found = selectors.findings_of(selectors.review_by_id(project_id, review_id))
    return Response(FindingShape(found, many=True).data)
