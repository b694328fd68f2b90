"""The list of trainings, the form for another, and the page of one with its curve and its result."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from apps.training import jobs, starting
from apps.training.curve import drawn_curve
from rust_ai_ide.errors import RustAiIdeError
from rust_ai_ide.training.finetuning.presets import TASKS
from rust_ai_ide.training.resources import resources

CRUMB = {"label": "Training", "url": "/training/"}


@require_GET
def trainings(request: HttpRequest) -> HttpResponse:
    """List the trainings."""
    return _trainings(request)


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Show the form of a training, or start one."""
    if request.method == "POST":
        try:
            run = starting.start_finetune_job(request.POST.dict())
        except RustAiIdeError as error:
            return _form(request, request.POST.dict(), error=str(error), status=400)
        return redirect(run.page)
    return _form(request, request.GET.dict())


@require_POST
def check(request: HttpRequest) -> HttpResponse:
    """Say what a training with the settings in the form would need, or what is wrong with them."""
    context: dict[str, Any] = {}
    try:
        context["forecast"] = starting.forecast(request.POST.dict())
    except RustAiIdeError as error:
        context["problem"] = str(error)
    return render(request, "training/forecast.html", context)


@require_GET
def training(request: HttpRequest, name: str) -> HttpResponse:
    """Show a training."""
    return _training(request, name)


@require_GET
def curve(request: HttpRequest, name: str) -> HttpResponse:
    """Show a training's curve alone, for the page to refresh itself."""
    return render(request, "training/curve.html", _about_curve(jobs.job_by_name(name)))


@require_POST
def go_on(request: HttpRequest, name: str) -> HttpResponse:
    """Let a training go on."""
    return _done(request, name, lambda: starting.go_on(name))


@require_POST
def register(request: HttpRequest, name: str) -> HttpResponse:
    """Register the version a training made all the same."""
    return _done(request, name, lambda: starting.register(name))


@require_POST
def use(request: HttpRequest, name: str) -> HttpResponse:
    """Let the editor complete with the version a training made."""
    return _done(request, name, lambda: starting.use(name, request.user))


@require_POST
def delete(request: HttpRequest, name: str) -> HttpResponse:
    """Delete a training's folder."""
    try:
        starting.delete(name)
    except RustAiIdeError as error:
        return _trainings(request, error=str(error), status=400)
    messages.success(request, f"{name} was deleted.")
    return redirect("trainings")


def _done(request: HttpRequest, name: str, act: Callable[[], object]) -> HttpResponse:
    try:
        act()
    except RustAiIdeError as error:
        return _training(request, name, error=str(error), status=400)
    return redirect("training-job", name)


def _trainings(request: HttpRequest, *, error: str = "", status: int = 200) -> HttpResponse:
    context = {
        "section": "training",
        "crumbs": [{"label": "Training"}],
        "jobs": jobs.listed_jobs(),
        "datasets": jobs.dataset_names(),
        "installed": starting.is_installed(),
        "error": error,
    }
    return render(request, "training/trainings.html", context, status=status)


def _form(
    request: HttpRequest, entered: dict[str, str], *, error: str = "", status: int = 200
) -> HttpResponse:
    context = {
        "section": "training",
        "crumbs": [CRUMB, {"label": "New"}],
        "datasets": jobs.dataset_names(),
        "models": jobs.trainable_models(),
        "tasks": TASKS,
        "installed": starting.is_installed(),
        "entered": entered,
        "error": error,
    }
    return render(request, "training/new.html", context, status=status)


def _training(request: HttpRequest, name: str, *, error: str = "", status: int = 200) -> HttpResponse:
    job = jobs.job_by_name(name)
    context = {
        "section": "training",
        "crumbs": [CRUMB, {"label": name}],
        "error": error,
        "table": job.result.as_text() if job.result else None,
        **_about_curve(job),
    }
    return render(request, "training/training.html", context, status=status)


def _about_curve(job: jobs.Job) -> dict[str, Any]:
    now = resources(job.folder)
    return {
        "job": job,
        "drawn": drawn_curve(job),
        "resources": now if job.is_unfinished else None,
        "keep_memory": settings.TRAINING_FREE_MEMORY_MB,
        "keep_disk": settings.TRAINING_FREE_DISK_MB,
    }
