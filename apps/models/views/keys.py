"""Keys of outside clients."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from apps.models import selectors, services
from rust_ai_ide.errors import RustAiIdeError


@require_GET
def keys(request: HttpRequest) -> HttpResponse:
    """List the keys, and say how an editor is set up with one."""
    return _keys(request)


@require_POST
def make(request: HttpRequest) -> HttpResponse:
    """Make a key, and show it this once."""
    try:
        made = services.make_key(request.POST.get("name", ""), request.user)
    except RustAiIdeError as error:
        return _keys(request, error=str(error), status=400)
    return _keys(request, made=made)


@require_POST
def revoke(request: HttpRequest, key_id: int) -> HttpResponse:
    """Refuse a key from now on."""
    services.revoke_key(key_id, request.user)
    return redirect("model-keys")


def _keys(request: HttpRequest, *, made: str = "", error: str = "", status: int = 200) -> HttpResponse:
    context = {
        "section": "models",
        "crumbs": [{"label": "Models", "url": "/models/"}, {"label": "Keys"}],
        "keys": selectors.api_keys(request.user),
        "made": made,
        "error": error,
        "base": request.build_absolute_uri("/v1"),
    }
    return render(request, "models/keys.html", context, status=status)
