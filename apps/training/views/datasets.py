"""The list of datasets with the form for another, and the page of one."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from apps.projects.selectors import all_projects
from apps.training import selectors, services
from apps.training.samples import shown_samples
from rust_ai_ide.errors import RustAiIdeError
from rust_ai_ide.training.datasets.card import read_card
from rust_ai_ide.training.datasets.settings import Filters, to_json

CRUMB = {"label": "Datasets", "url": "/training/datasets/"}


@require_http_methods(["GET", "POST"])
def datasets(request: HttpRequest) -> HttpResponse:
    """List the datasets, or start to prepare one."""
    if request.method == "POST":
        try:
            run = services.start_preparing(request.POST.dict())
        except RustAiIdeError as error:
            return _datasets(request, error=str(error), status=400)
        return redirect(run.page)
    return _datasets(request)


@require_GET
def dataset(request: HttpRequest, name: str) -> HttpResponse:
    """Show a dataset, or the run that prepares it."""
    folder, run = selectors.folder_of(name), selectors.run_of(name)
    context: dict[str, Any] = {
        "section": "training",
        "crumbs": [{"label": "Training"}, CRUMB, {"label": name}],
        "name": name,
        "run": run,
    }
    if folder.exists():
        try:
            context |= _about(name)
        except RustAiIdeError as error:
            context["error"] = str(error)
    elif run is None:
        raise Http404
    return render(request, "training/dataset.html", context)


@require_POST
def delete(request: HttpRequest, name: str) -> HttpResponse:
    """Delete a dataset's files."""
    try:
        services.delete(name)
    except RustAiIdeError as error:
        return _datasets(request, error=str(error), status=400)
    messages.success(request, f"{name} was deleted.")
    return redirect("datasets")


def _about(name: str) -> dict[str, Any]:
    folder = selectors.folder_of(name)
    card = read_card(folder)
    return {
        "card": card,
        "dropped": selectors.shares(card.dropped),
        "licences": selectors.shares(card.licences),
        "augmentations": selectors.shares(card.augmentations),
        "quality": selectors.quality_shares(card),
        "samples": shown_samples(selectors.some_rows(folder)),
        "folder": folder,
    }


def _datasets(request: HttpRequest, *, error: str = "", status: int = 200) -> HttpResponse:
    context = {
        "section": "training",
        "crumbs": [{"label": "Training"}, {"label": "Datasets"}],
        "datasets": selectors.listed_datasets(),
        "runs": selectors.unfinished_runs(),
        "projects": [project for project in all_projects() if project.is_ready],
        "by_path": settings.OPEN_BY_PATH,
        "error": error,
        "entered": request.POST.dict(),
        "defaults": to_json(Filters()),
    }
    return render(request, "training/datasets.html", context, status=status)
