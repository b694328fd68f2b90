"""The editor page of a file, and saving from it."""

import secrets

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from apps.common.middleware import content_policy
from apps.models.completion_sources import endpoints_that_complete
from apps.models.registry import sync_registry
from apps.models.selectors import active_version
from apps.projects import editing, selectors
from apps.projects.browsing import crumbs_of
from apps.projects.places import place_of
from rust_ai_ide.source.editing import ChangedOnDisk, NotEditable


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, project_id: int, path: str) -> HttpResponse:
    """Show a file in the editor, or save it."""
    project = selectors.project_by_id(project_id)
    if request.method == "POST":
        return _save(request, project_id, path)
    opened = editing.open_file(project, path)
    sync_registry()
    # The editor component puts its own style sheet into the page.
    nonce = secrets.token_urlsafe(16)
    place = place_of(project)
    context = {
        "project": project,
        "section": "code",
        "place": place,
        "path": path,
        "crumbs": crumbs_of(place, path),
        "opened": opened,
        "version": active_version(),
        "endpoints": [endpoint.name for endpoint in endpoints_that_complete()],
        "nonce": nonce,
    }
    response = render(request, "assistant/editor.html", context)
    response.headers["Content-Security-Policy"] = content_policy(nonce)
    return response


def _save(request: HttpRequest, project_id: int, path: str) -> JsonResponse:
    project = selectors.project_by_id(project_id)
    text, expected = request.POST.get("text"), request.POST.get("expected", "")
    if text is None:
        return JsonResponse({"message": "There is no text to save."}, status=400)
    try:
        saved = editing.save(project, path, text, expected=expected)
    except ChangedOnDisk as error:
        current = {"text": error.current.text, "digest": error.current.digest}
        return JsonResponse({"message": str(error), "current": current}, status=409)
    except NotEditable as error:
        return JsonResponse({"message": str(error)}, status=400)
    return JsonResponse({"digest": saved.digest})
