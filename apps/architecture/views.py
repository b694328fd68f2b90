"""The architecture page and its exports."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_GET, require_POST

from apps.architecture import comparing, selectors, services
from apps.architecture.asking import DEEPEST, HEATS, LEVELS, SHAPES, View, view_of
from apps.architecture.pictures import picture_of
from apps.projects.models import Project
from apps.projects.places import place_of
from apps.projects.selectors import project_by_id
from rust_ai_ide.architecture.exporting import to_dot, to_json, to_mermaid
from rust_ai_ide.architecture.graph import MOST_PLACES
from rust_ai_ide.errors import RustAiIdeError
from rust_ai_ide.source.git import branches, commits

ROWS_LISTED = 400
COMMITS_OFFERED = 60
FORMS = {
    "dot": (to_dot, "text/vnd.graphviz"),
    "json": (to_json, "application/json"),
    "mermaid": (to_mermaid, "text/plain"),
}


@require_GET
def architecture(request: HttpRequest, project_id: int) -> HttpResponse:
    """Show the structure; where the code changed since it was worked out, offer to do it again."""
    project = project_by_id(project_id)
    place = place_of(project)
    found = selectors.architecture_of(project)
    context = {
        "project": project,
        "section": "architecture",
        "place": place,
        "found": found,
        "crumbs": [{"label": "Architecture"}],
    }
    if found is None or found.model is None:
        return render(request, "architecture/architecture.html", context)
    view = view_of(request.GET, found.model["crates"])
    by_file = (found.measures or {}).get(view.heat, {})
    picture = picture_of(selectors.stored_model(found), view, by_file)
    context |= {
        "model": found.model,
        "view": view,
        "picture": picture,
        "rows": picture.rows[:ROWS_LISTED],
        "levels": LEVELS,
        "shapes": SHAPES,
        "heats": HEATS,
        "heat_name": HEATS.get(view.heat, ""),
        "is_measured": bool(by_file),
        "most_places": MOST_PLACES,
        "depths": range(1, DEEPEST + 1),
        "is_old": place.tree != found.tree,
    }
    return render(request, "architecture/architecture.html", context)


@require_POST
def again(request: HttpRequest, project_id: int) -> HttpResponse:
    """Work the structure out as the code is now."""
    place = place_of(project_by_id(project_id))
    if place.tree is not None:
        services.work_out(place)
    return redirect("architecture", project_id)


@require_GET
def export(request: HttpRequest, project_id: int, level: str, form: str) -> HttpResponse:
    """Hand a level's whole graph out as DOT, JSON, Mermaid or SVG."""
    found = selectors.architecture_of(project_by_id(project_id))
    if found is None or found.model is None or level not in LEVELS:
        raise Http404
    if form == "svg":
        picture = picture_of(selectors.stored_model(found), View(level, external=True))
        response = HttpResponse(picture.svg, content_type="image/svg+xml")
    elif form in FORMS:
        write, kind = FORMS[form]
        response = HttpResponse(
            write(selectors.graph_at(selectors.stored_model(found), level)),
            content_type=f"{kind}; charset=utf-8",
        )
    else:
        raise Http404
    response["Content-Disposition"] = f'attachment; filename="{level}.{form}"'
    return response


@require_GET
def drift(request: HttpRequest, project_id: int) -> HttpResponse:
    """Show how the architecture of two commits differs, and ask for others."""
    return _drift(request, project_by_id(project_id))


@require_POST
def compare(request: HttpRequest, project_id: int) -> HttpResponse:
    """Compare two commits, or a commit with the files as they are now."""
    project = project_by_id(project_id)
    before, after = (request.POST.get(name, "").strip() for name in ("before", "after"))
    try:
        comparing.start_comparing(project, before, after)
    except RustAiIdeError as error:
        return _drift(request, project, {"before": before, "after": after}, str(error))
    return redirect("architecture-drift", project_id)


def _drift(
    request: HttpRequest, project: Project, entered: dict[str, str] | None = None, error: str = ""
) -> HttpResponse:
    place = place_of(project)
    found = selectors.comparison_of(project)
    if entered is None and found is not None:
        entered = {"before": found.before, "after": found.after}
    context = {
        "project": project,
        "section": "architecture",
        "place": place,
        "comparison": found,
        "svg": mark_safe(found.found["svg"]) if found and found.found else "",  # noqa: S308 - the engine built it of safe parts
        "entered": entered or {"before": comparing.usual_start(place), "after": ""},
        "error": error,
        "branches": branches(place.repository),
        "commits": commits(place.repository, place.commit, limit=COMMITS_OFFERED) if place.commit else (),
        "crumbs": [
            {"label": "Architecture", "url": reverse("architecture", args=[project.pk])},
            {"label": "Two commits"},
        ],
    }
    return render(request, "architecture/drift.html", context, status=400 if error else 200)
