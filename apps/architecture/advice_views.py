"""The page of advice."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from apps.architecture import advising, selectors
from apps.projects.places import place_of
from apps.projects.selectors import project_by_id
from rust_ai_ide.architecture.advice.model import GOALS
from rust_ai_ide.architecture.patterns.detecting import DETECTORS
from rust_ai_ide.architecture.patterns.model import PATTERN
from rust_ai_ide.errors import RustAiIdeError

LISTED = 100
_GOALS = [(goal, goal.replace("_", " ").capitalize()) for goal in GOALS]
_PATTERNS = [detector.id for detector in DETECTORS if detector.kind == PATTERN]


@require_http_methods(["GET", "POST"])
def advice(request: HttpRequest, project_id: int) -> HttpResponse:
    """Show what was recommended, and ask anew."""
    project = project_by_id(project_id)
    error, form = "", None
    if request.method == "POST":
        form = advising.entered(request.POST)
        try:
            advising.start_advising(project, form)
            return redirect("advice", project_id)
        except RustAiIdeError as refused:
            error = str(refused)
    place = place_of(project)
    found = selectors.advice_on(project)
    context: dict[str, Any] = {
        "project": project,
        "section": "architecture",
        "place": place,
        "advice": found,
        "recommendations": _rows(found.found) if found and found.found is not None else None,
        "left_out": max(0, len(found.found) - LISTED) if found and found.found else 0,
        "is_old": found is not None and place.tree != found.tree,
        "form": form or (found.asked if found else {}),
        "goals": _GOALS,
        "patterns": _PATTERNS,
        "error": error,
        "crumbs": [
            {"label": "Architecture", "url": reverse("architecture", args=[project.pk])},
            {"label": "Advice"},
        ],
    }
    return render(request, "architecture/advice.html", context, status=400 if error else 200)


def _rows(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{**one, "percent": round(one["confidence"] * 100)} for one in found[:LISTED]]
