"""Models behind other servers."""

from asgiref.sync import async_to_sync
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from apps.models import endpoints as services
from apps.models import selectors
from apps.models.chat_sources import try_endpoint
from apps.models.models import Endpoint
from apps.models.rows import endpoint_rows
from rust_ai_ide.errors import RustAiIdeError


@require_GET
def endpoints(request: HttpRequest) -> HttpResponse:
    """List the endpoints."""
    return _endpoints(request)


@require_POST
def add(request: HttpRequest) -> HttpResponse:
    """Add an endpoint."""
    try:
        made = services.add_endpoint(request.POST.dict(), request.user)
    except RustAiIdeError as error:
        return _endpoints(request, error=str(error), entered=request.POST.dict(), status=400)
    messages.success(request, f"{made.name} was added. Try it before you rely on it.")
    return redirect("endpoints")


@require_POST
def attempt(request: HttpRequest, endpoint_id: int) -> HttpResponse:
    """Ask an endpoint to say a word."""
    endpoint = selectors.endpoint_by_id(endpoint_id)
    try:
        seconds = async_to_sync(try_endpoint)(endpoint)
    except RustAiIdeError as error:
        return _endpoints(request, error=str(error), status=502)
    messages.success(request, f"{endpoint.name} answered after {seconds:.1f} seconds.")
    return redirect("endpoints")


@require_POST
def switch(request: HttpRequest, endpoint_id: int) -> HttpResponse:
    """Turn an endpoint off, or on again."""
    services.switch_endpoint(selectors.endpoint_by_id(endpoint_id), request.user)
    return redirect("endpoints")


@require_POST
def let_complete(request: HttpRequest, endpoint_id: int) -> HttpResponse:
    """Say whether an endpoint may complete."""
    endpoint = selectors.endpoint_by_id(endpoint_id)
    try:
        services.let_complete(endpoint, request.POST.get("completes", ""), request.user)
    except RustAiIdeError as error:
        return _endpoints(request, error=str(error), status=400)
    return redirect("endpoints")


@require_POST
def delete(request: HttpRequest, endpoint_id: int) -> HttpResponse:
    """Forget an endpoint."""
    services.delete_endpoint(selectors.endpoint_by_id(endpoint_id), request.user)
    return redirect("endpoints")


def _endpoints(
    request: HttpRequest, *, error: str = "", entered: dict[str, str] | None = None, status: int = 200
) -> HttpResponse:
    context = {
        "section": "models",
        "crumbs": [{"label": "Models", "url": "/models/"}, {"label": "Endpoints"}],
        "rows": endpoint_rows(),
        "kinds": Endpoint.Kind.choices,
        "completes": Endpoint.Completes.choices,
        "allows_cloud": settings.ALLOW_CLOUD,
        "error": error,
        "entered": entered or {},
    }
    return render(request, "models/endpoints.html", context, status=status)
