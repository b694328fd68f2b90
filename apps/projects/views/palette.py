"""What the palette (Ctrl-K) finds: pages, projects, and files of the open project."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.views.decorators.http import require_GET

from apps.projects import selectors
from apps.projects.places import addressed, place_of
from rust_ai_ide.source.git import search_names

MOST = 30
PROJECT_PAGES = (
    ("Code", "project"),
    ("Reviews", "reviews"),
    ("Review a change", "new-review"),
    ("Architecture", "architecture"),
    ("Chat", "chats"),
    ("Commits", "commits"),
    ("Branches", "branches"),
    ("Search in files", "search"),
)
PAGES = (
    ("All projects", "projects"),
    ("Models", "models"),
    ("Hardware and tuning", "hardware"),
    ("Datasets to train on", "datasets"),
    ("Review rules", "rules"),
    ("Runs", "runs"),
)


@require_GET
def palette(request: HttpRequest) -> HttpResponse:
    """Return the places whose name holds the letters of `q`, as JSON."""
    query = request.GET.get("q", "").strip().lower()
    asked = request.GET.get("project", "")
    places: list[dict[str, str]] = []
    project = selectors.project_by_id(int(asked)) if asked.isdecimal() else None
    if project and project.is_ready:
        places += [_page(name, reverse(url, args=[project.pk]), project.name) for name, url in PROJECT_PAGES]
    places += [_page(name, reverse(url), "page") for name, url in PAGES]
    places += [_page(p.name, reverse("project", args=[p.pk]), "project") for p in selectors.all_projects()]
    found = [place for place in places if _holds(place["name"].lower(), query)]
    if query and project and project.is_ready:
        place = place_of(project)
        if place.tree:
            files = search_names(place.repository, place.tree, query, limit=MOST)
            found += [_page(addressed(entry.path), place.url(entry.path), "file") for entry in files]
    return JsonResponse({"places": found[:MOST]})


def _page(name: str, url: str, kind: str) -> dict[str, str]:
    return {"name": name, "url": url, "kind": kind}


def _holds(name: str, query: str) -> bool:
    letters = iter(name)
    return all(letter in letters for letter in query)
