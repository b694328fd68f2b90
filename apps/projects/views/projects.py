"""The list of projects: open, upload, clone, rename, forget."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from apps.projects import selectors, services
from rust_ai_ide.errors import RustAiIdeError


@require_GET
def projects(request: HttpRequest) -> HttpResponse:
    """List the projects, with the ways to open one."""
    return _projects(request)


def _projects(
    request: HttpRequest, *, error: str = "", way: str = "path", entered: str = "", status: int = 200
) -> HttpResponse:
    context = {
        "projects": selectors.all_projects(),
        "section": "projects",
        "error": error,
        "way": request.GET.get("way", way),
        "entered": entered,
        "by_path": settings.OPEN_BY_PATH,
        "upload_limit": settings.UPLOAD_LIMIT_MB,
        "undo": request.session.pop("forgotten", None),
    }
    return render(request, "projects/projects.html", context, status=status)


@require_POST
def open_by_path(request: HttpRequest) -> HttpResponse:
    """Open a repository of this machine."""
    path = request.POST.get("path", "")
    try:
        project = services.open_by_path(path)
    except RustAiIdeError as error:
        return _projects(request, error=str(error), way="path", entered=path, status=400)
    return redirect("project", project.pk)


@require_POST
def upload(request: HttpRequest) -> HttpResponse:
    """Take an archive."""
    file = request.FILES.get("archive")
    problem = getattr(request, "upload_problem", "")
    if problem:
        sentence = f"The upload could not be kept: {problem}. Nothing was opened; make room and try again."
        return _projects(request, error=sentence, way="upload", status=507)
    if file is None:
        return _projects(request, error="Choose a .zip or .tar.gz archive first.", way="upload", status=400)
    try:
        project = services.upload(file)
    except RustAiIdeError as error:
        return _projects(request, error=str(error), way="upload", status=getattr(error, "status", 400))
    return redirect("project", project.pk)


@require_POST
def clone(request: HttpRequest) -> HttpResponse:
    """Start a clone."""
    url = request.POST.get("url", "")
    try:
        project = services.clone(url)
    except RustAiIdeError as error:
        return _projects(request, error=str(error), way="url", entered=url, status=400)
    return redirect("project", project.pk)


@require_POST
def rename(request: HttpRequest, project_id: int) -> HttpResponse:
    """Give a project another name."""
    services.rename(selectors.project_by_id(project_id), request.POST.get("name", ""))
    return redirect("project", project_id)


@require_POST
def forget(request: HttpRequest, project_id: int) -> HttpResponse:
    """Take a project from the list; the next page offers to undo it."""
    project = selectors.project_by_id(project_id)
    services.forget(project)
    request.session["forgotten"] = {"id": project.pk, "name": project.name}
    return redirect("projects")


@require_POST
def restore(request: HttpRequest, project_id: int) -> HttpResponse:
    """Bring a forgotten project back."""
    services.restore(project_id)
    return redirect("project", project_id)


@require_POST
def analyse(request: HttpRequest, project_id: int) -> HttpResponse:
    """Analyse the project again."""
    services.analyse(selectors.project_by_id(project_id))
    messages.success(request, "The analysis has started.")
    return redirect("project", project_id)
