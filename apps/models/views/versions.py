"""The list of versions, with what the runtimes hold, and what can be done with a version."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from apps.models import selectors, services
from apps.models.folders import compared_models, encrypted_models
from apps.models.registry import sync_registry
from apps.models.rows import version_rows
from apps.models.runtimes import states
from rust_ai_ide.errors import RustAiIdeError
from rust_ai_ide.runtime.errors import InvalidConfig


@require_GET
def models(request: HttpRequest) -> HttpResponse:
    """List the versions."""
    return _models(request)


@require_GET
def state(request: HttpRequest) -> HttpResponse:
    """Show the state of versions and runtimes, for the page to refresh itself."""
    found = states()
    context = {"runtimes": found, "rows": version_rows(found), "encrypted": encrypted_models()}
    return render(request, "models/state.html", context)


def _models(request: HttpRequest, *, error: str = "", entered: str = "", status: int = 200) -> HttpResponse:
    sync_registry()
    found = states()
    context = {
        "section": "models",
        "crumbs": [{"label": "Models"}],
        "runtimes": found,
        "rows": version_rows(found),
        "encrypted": encrypted_models(),
        "compared": compared_models(),
        "by_path": settings.OPEN_BY_PATH,
        "error": error,
        "entered": entered,
        "events": selectors.events()[:8],
    }
    return render(request, "models/models.html", context, status=status)


@require_POST
def load(request: HttpRequest, version_id: int) -> HttpResponse:
    """Load a version."""
    version = selectors.version_by_id(version_id)
    services.start_loading(version, request.user, {})
    return redirect("models")


@require_POST
def unload(request: HttpRequest, version_id: int) -> HttpResponse:
    """Unload a version."""
    services.start_unloading(selectors.version_by_id(version_id), request.user)
    return redirect("models")


@require_POST
def activate(request: HttpRequest, version_id: int) -> HttpResponse:
    """Let completions come from a version."""
    version = selectors.version_by_id(version_id)
    services.activate(version, request.user)
    messages.success(request, f"Completions come from {version.identifier} now.")
    return redirect("models")


@require_POST
def delete(request: HttpRequest, version_id: int) -> HttpResponse:
    """Delete a version's folder."""
    version = selectors.version_by_id(version_id)
    try:
        services.delete(version, request.user)
    except RustAiIdeError as error:
        return _models(request, error=str(error), status=400)
    messages.success(request, f"{version.identifier} was deleted.")
    return redirect("models")


@require_POST
def register(request: HttpRequest) -> HttpResponse:
    """Add the model in a folder."""
    path = request.POST.get("path", "")
    try:
        if not settings.OPEN_BY_PATH:
            raise InvalidConfig("This workbench does not open folders of the machine.", "folder")
        added = services.register(path, request.user)
    except RustAiIdeError as error:
        return _models(request, error=str(error), entered=path, status=400)
    messages.success(request, f"{added} was added.")
    return redirect("models")
