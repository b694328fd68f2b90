"""The page of one version: what its manifest says, and what can be done with its files."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from apps.common.models import Run
from apps.models import selectors, services
from apps.models.converting import start_quantising
from apps.models.folders import manifest_of, smaller_types
from apps.models.models import ModelVersion
from rust_ai_ide.errors import RustAiIdeError
from rust_ai_ide.runtime.weight_key import key_file


@require_GET
def version(request: HttpRequest, version_id: int) -> HttpResponse:
    """Show a version."""
    return _page(request, selectors.version_by_id(version_id))


@require_POST
def encrypt(request: HttpRequest, version_id: int) -> HttpResponse:
    """Encrypt its files."""
    return _started(request, version_id, services.start_encrypting)


@require_POST
def decrypt(request: HttpRequest, version_id: int) -> HttpResponse:
    """Decrypt its files."""
    return _started(request, version_id, services.start_decrypting)


@require_POST
def quantise(request: HttpRequest, version_id: int) -> HttpResponse:
    """Make another version of it with smaller weights."""
    values = request.POST.dict()
    return _started(request, version_id, lambda shown, user: start_quantising(shown, values, user))


def _started(
    request: HttpRequest, version_id: int, start: Callable[[ModelVersion, Any], Run]
) -> HttpResponse:
    shown = selectors.version_by_id(version_id)
    try:
        start(shown, request.user)
    except RustAiIdeError as error:
        return _page(request, shown, error=str(error), status=400)
    return redirect("model-version", version_id)


def _page(request: HttpRequest, shown: ModelVersion, *, error: str = "", status: int = 200) -> HttpResponse:
    context = {
        "section": "models",
        "crumbs": [{"label": "Models", "url": "/models/"}, {"label": shown.identifier}],
        "version": shown,
        "manifest": manifest_of(shown),
        "run": Run.objects.filter(subject=f"model:{shown.identifier}").first(),
        "key_file": key_file(),
        "types": smaller_types(shown),
        "error": error,
        "entered": request.POST.dict(),
    }
    return render(request, "models/version.html", context, status=status)
