"""The page of decisions: weighed as they are written, and recorded in the project's folder."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from apps.architecture import deciding
from apps.projects.places import place_of
from apps.projects.selectors import project_by_id
from rust_ai_ide.architecture.decisions.ranking import Method
from rust_ai_ide.errors import RustAiIdeError

_METHODS = ((Method.WEIGHTED_SUM.value, "Weighted sum"), (Method.TOPSIS.value, "TOPSIS"))


@require_http_methods(["GET", "POST"])
def decisions(request: HttpRequest, project_id: int) -> HttpResponse:
    """Show records, weigh what is written and, when asked, record it."""
    project = project_by_id(project_id)
    entered = request.POST.dict() if request.method == "POST" else {"text": deciding.EXAMPLE}
    context: dict[str, Any] = {
        "project": project,
        "section": "architecture",
        "place": place_of(project),
        "entered": entered,
        "methods": _METHODS,
        "crumbs": [
            {"label": "Architecture", "url": reverse("architecture", args=[project.pk])},
            {"label": "Decisions"},
        ],
    }
    status = 200
    try:
        context["shown"] = deciding.shown(entered.get("text", ""), entered.get("method", ""))
        if entered.get("action") == "record":
            context["recorded"] = deciding.record(project, entered)
    except RustAiIdeError as error:
        context["error"], status = str(error), getattr(error, "status", 400)
    try:
        context["records"] = deciding.records(project)
    except RustAiIdeError as error:
        context["records_error"] = str(error)
    is_part = bool(request.headers.get("HX-Request"))
    template = "architecture/decision_weighed.html" if is_part else "architecture/decisions.html"
    return render(request, template, context, status=200 if is_part else status)
