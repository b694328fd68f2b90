"""The page of rules about who may use whom, with a live preview of what they find."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from apps.architecture import ruling, selectors
from apps.projects.places import place_of
from apps.projects.selectors import project_by_id
from rust_ai_ide.errors import RustAiIdeError


@require_http_methods(["GET", "POST"])
def rules(request: HttpRequest, project_id: int) -> HttpResponse:
    """Show the settings, what their rules find in the modules and, when asked, save them."""
    project = project_by_id(project_id)
    place = place_of(project)
    found = selectors.architecture_of(project)
    model = selectors.stored_model(found) if found is not None and found.model is not None else None
    settings = ruling.settings_of(project, place, model)
    entered = request.POST.get("text", settings.text)
    context: dict[str, Any] = {
        "project": project,
        "section": "architecture",
        "place": place,
        "found": found,
        "model": model,
        "is_old": found is not None and place.tree != found.tree,
        "crumbs": [
            {"label": "Architecture", "url": reverse("architecture", args=[project.pk])},
            {"label": "Rules"},
        ],
        "can_save": settings.can_save,
        "text": entered,
        "expected": request.POST.get("expected", settings.digest),
    }
    status = 200
    try:
        if model is not None:
            context["preview"] = ruling.preview(model, entered)
        if request.POST.get("action") == "save":
            context["expected"] = ruling.save(project, entered, expected=context["expected"])
            context["is_saved"] = True
    except RustAiIdeError as error:
        context["error"], status = str(error), getattr(error, "status", 400)
    is_part = bool(request.headers.get("HX-Request"))
    template = "architecture/rules_found.html" if is_part else "architecture/rules.html"
    return render(request, template, context, status=200 if is_part else status)
