"""The code browser: a project's front page, folders and files."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from apps.projects import selectors, services
from apps.projects.browsing import crumbs_of, folder_rows, read_file, tree_around
from apps.projects.places import entry_of, place_of
from rust_ai_ide.source.git import PathNotFound, commits

RECENT_COMMITS = 8


@require_GET
def project(request: HttpRequest, project_id: int) -> HttpResponse:
    """Show a project's front page: its top folder, recent commits and what the analysis found."""
    found = selectors.project_by_id(project_id)
    if not found.is_ready:
        return render(request, "projects/bringing.html", {"project": found, "section": "code"})
    services.touch(found)
    place = place_of(found, request.GET.get("at", ""))
    context = {
        "project": found,
        "section": "code",
        "place": place,
        "rows": folder_rows(place, "") if place.tree else [],
        "commits": commits(place.repository, place.commit, limit=RECENT_COMMITS) if place.commit else [],
        "analysis": found.analysis,
        "analysing": services.unfinished_analysis(found),
    }
    return render(request, "projects/project.html", context)


@require_GET
def file(request: HttpRequest, project_id: int, path: str) -> HttpResponse:
    """Show a folder or a file."""
    found = selectors.project_by_id(project_id)
    place = place_of(found, request.GET.get("at", ""))
    if place.tree is None:
        raise PathNotFound("This repository has no files yet.")
    entry = entry_of(place, path)
    context = {
        "project": found,
        "section": "code",
        "place": place,
        "path": path,
        "crumbs": crumbs_of(place, path),
    }
    if entry.is_folder:
        rows = folder_rows(place, path)
        if request.headers.get("X-Fragment") == "tree":
            return render(request, "projects/tree.html", {**context, "level": rows})
        return render(request, "projects/folder.html", {**context, "rows": rows})
    context |= {"file": read_file(place, entry), "tree": tree_around(place, path)}
    return render(request, "projects/file.html", context)
