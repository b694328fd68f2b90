"""Branches, commits and search."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from apps.projects import selectors
from apps.projects.browsing import hits_of
from apps.projects.places import place_of
from rust_ai_ide.source.git import Commit, search_names, search_text
from rust_ai_ide.source.git import branches as list_branches
from rust_ai_ide.source.git import commits as list_commits

PAGE = 50


@require_GET
def branches(request: HttpRequest, project_id: int) -> HttpResponse:
    """List the branches, the last changed first."""
    project = selectors.project_by_id(project_id)
    place = place_of(project, request.GET.get("at", ""))
    found = sorted(list_branches(place.repository), key=lambda b: (b.is_remote, -b.committed_at.timestamp()))
    context = {"project": project, "section": "code", "place": place, "branches": found}
    return render(request, "projects/branches.html", {**context, "crumbs": [{"label": "Branches"}]})


@require_GET
def commits(request: HttpRequest, project_id: int) -> HttpResponse:
    """List commits, fifty a page."""
    project = selectors.project_by_id(project_id)
    place = place_of(project, request.GET.get("at", ""))
    asked = request.GET.get("skip", "0")
    skip = int(asked) if asked.isdecimal() and len(asked) < 8 else 0
    path = request.GET.get("path") or None
    found: tuple[Commit, ...] = ()
    if place.commit:
        found = list_commits(place.repository, place.commit, skip=skip, limit=PAGE + 1, path=path)
    context = {
        "project": project,
        "section": "code",
        "place": place,
        "commits": found[:PAGE],
        "newer": max(0, skip - PAGE) if skip else None,
        "older": skip + PAGE if len(found) > PAGE else None,
        "file_path": path,
        "crumbs": [{"label": "Commits"}],
    }
    return render(request, "projects/commits.html", context)


@require_GET
def search(request: HttpRequest, project_id: int) -> HttpResponse:
    """Search in file names and file contents."""
    project = selectors.project_by_id(project_id)
    place = place_of(project, request.GET.get("at", ""))
    query = request.GET.get("q", "").strip()
    regex = request.GET.get("regex") == "1"
    names, hits, truncated = (), [], False
    if query and place.tree:
        names = search_names(place.repository, place.tree, query, limit=20)
        result = search_text(place.repository, place.tree, query, regex=regex)
        hits, truncated = hits_of(place, result, query, regex=regex), result.truncated
    context = {
        "project": project,
        "section": "code",
        "place": place,
        "query": query,
        "regex": regex,
        "names": [{"path": entry.path, "url": place.url(entry.path)} for entry in names],
        "hits": hits,
        "truncated": truncated,
        "crumbs": [{"label": "Search"}],
    }
    return render(request, "projects/search.html", context)
