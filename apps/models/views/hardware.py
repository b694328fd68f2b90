"""What the machines of the runtimes can hold, and tuning models on them."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from apps.models import selectors, services
from apps.models.hardware import machines, tuning_rows
from apps.models.kept_completions import cache_report
from apps.models.registry import sync_registry


@require_GET
def hardware(request: HttpRequest) -> HttpResponse:
    """Show the machines, what fits into them, and what was measured of each model."""
    sync_registry()
    found = machines()
    context = {
        "section": "models",
        "crumbs": [{"label": "Models", "url": "/models/"}, {"label": "Hardware"}],
        "machines": found,
        "rows": tuning_rows(found),
        "kept": cache_report(),
        "criterion": next((m.report["criterion"] for m in found if m.report), ""),
    }
    return render(request, "models/hardware.html", context)


@require_POST
def tune(request: HttpRequest, version_id: int) -> HttpResponse:
    """Measure the settings of a version on every runtime's machine."""
    services.start_tuning(selectors.version_by_id(version_id), request.user)
    return redirect("hardware")
