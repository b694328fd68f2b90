"""The page of a project's quality: its trend over commits, and the files that weigh most."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from apps.projects.places import place_of
from apps.projects.selectors import project_by_id
from apps.reviews import quality


@require_GET
def quality_page(request: HttpRequest, project_id: int) -> HttpResponse:
    """Show the trend, as far as it is worked out."""
    project = project_by_id(project_id)
    points = quality.trend_of(project)
    known = [point for point in points if point.quality]
    newest = known[-1] if known and points[-1].quality else None
    context = {
        "project": project,
        "section": "reviews",
        "crumbs": [{"label": "Reviews", "url": f"/projects/{project.pk}/reviews/"}, {"label": "Quality"}],
        "points": known,
        "missing": len(points) - len(known),
        "commits": len(points),
        "first": known[0] if known else None,
        "newest": newest,
        "place": place_of(project, newest.commit.name) if newest else None,
        "run": quality.quality_run(project),
    }
    return render(request, "reviews/quality.html", context)


@require_POST
def work_out(request: HttpRequest, project_id: int) -> HttpResponse:
    """Work out what is missing."""
    project = project_by_id(project_id)
    quality.start_working_out(project)
    return redirect("quality", project.pk)
