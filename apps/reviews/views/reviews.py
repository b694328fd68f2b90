"""The list of reviews, the form that starts one, and what a review found."""

from itertools import groupby

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from apps.projects.places import place_of
from apps.projects.selectors import project_by_id
from apps.reviews import selectors, services
from apps.reviews.changes import Request
from apps.reviews.models import Review
from rust_ai_ide.errors import RustAiIdeError
from rust_ai_ide.source.git import branches, commits

COMMITS_OFFERED = 60


@require_GET
def reviews(request: HttpRequest, project_id: int) -> HttpResponse:
    """List the project's reviews."""
    project = project_by_id(project_id)
    found = [(review, selectors.severity_counts(review)) for review in selectors.reviews_of(project)]
    context = {"project": project, "section": "reviews", "reviews": found, "crumbs": [{"label": "Reviews"}]}
    return render(request, "reviews/reviews.html", context)


@require_GET
def new_review(request: HttpRequest, project_id: int) -> HttpResponse:
    """Offer what can be reviewed."""
    return _form(request, project_id, request.GET.dict())


def _form(
    request: HttpRequest, project_id: int, entered: dict[str, str], *, error: str = "", status: int = 200
) -> HttpResponse:
    project = project_by_id(project_id)
    place = place_of(project)
    listed = branches(place.repository)
    current = next((branch.name for branch in listed if branch.is_current), "")
    if entered.get("commit"):
        entered = {**entered, "head": entered["commit"], "base": ""}
    elif "base" not in entered and current and entered.get("head") != current:
        entered = {**entered, "base": current}
    recent = commits(place.repository, place.commit, limit=COMMITS_OFFERED) if place.commit else ()
    context = {
        "project": project,
        "section": "reviews",
        "place": place,
        "branches": listed,
        "commits": recent,
        "entered": entered,
        "error": error,
        "crumbs": [{"label": "Review a change"}],
    }
    return render(request, "reviews/new.html", context, status=status)


@require_POST
def start_review(request: HttpRequest, project_id: int) -> HttpResponse:
    """Start a review and go to it."""
    project = project_by_id(project_id)
    kind = request.POST.get("kind", "")
    if kind not in Review.Kind.values:
        return _form(request, project_id, request.POST.dict(), error="Choose what to review.", status=400)
    paths = tuple(line.strip() for line in request.POST.get("paths", "").splitlines() if line.strip())
    wanted = Request(kind, request.POST.get("base", "").strip(), request.POST.get("head", "").strip(), paths)
    severity = request.POST.get("severity", "")
    options = {"severity": severity} if severity in {"info", "error", "critical"} else {}
    try:
        review = services.start_review(project, wanted, options)
    except RustAiIdeError as error:
        return _form(request, project_id, request.POST.dict(), error=str(error), status=400)
    return redirect("review", project_id, review.pk)


@require_GET
def findings(request: HttpRequest, project_id: int, review_id: int) -> HttpResponse:
    """List what a review found, by file."""
    review = selectors.review_by_id(project_id, review_id)
    by_path = [
        (path, list(group)) for path, group in groupby(selectors.findings_of(review), key=lambda f: f.path)
    ]
    context = {
        "project": review.project,
        "section": "reviews",
        "review": review,
        "files": by_path,
        "counts": selectors.severity_counts(review),
        "at": review.head_commit,
        "tab": "findings",
        "crumbs": [{"label": review.title}],
    }
    return render(request, "reviews/findings.html", context)


@require_POST
def find_again(request: HttpRequest, project_id: int, review_id: int) -> HttpResponse:
    """Search for findings once more, with the rules as they are now."""
    services.find(selectors.review_by_id(project_id, review_id))
    return redirect("review", project_id, review_id)


@require_POST
def delete_review(request: HttpRequest, project_id: int, review_id: int) -> HttpResponse:
    """Delete a review."""
    services.delete_review(selectors.review_by_id(project_id, review_id))
    return redirect("reviews", project_id)
