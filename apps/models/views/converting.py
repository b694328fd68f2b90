"""Starting the conversion of a model of others, which may be downloaded first."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from apps.models.converting import start_converting, start_downloading
from rust_ai_ide.errors import RustAiIdeError
from rust_ai_ide.runtime.quantisations import EVERYWHERE


@require_http_methods(["GET", "POST"])
def convert(request: HttpRequest) -> HttpResponse:
    """Show the forms, or start the conversion."""
    error, status = "", 200
    if request.method == "POST":
        try:
            start = start_downloading if "repository" in request.POST else start_converting
            run = start(request.POST.dict(), request.user)
        except RustAiIdeError as problem:
            error, status = str(problem), 400
        else:
            return redirect("run", run.pk)
    context = {
        "section": "models",
        "crumbs": [{"label": "Models", "url": "/models/"}, {"label": "Convert"}],
        "error": error,
        "allows_downloads": settings.ALLOW_DOWNLOADS,
        "hub": settings.MODEL_HUB,
        "entered": request.POST.dict(),
        "types": EVERYWHERE,
    }
    return render(request, "models/convert.html", context, status=status)
