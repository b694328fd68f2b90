"""The diff page and its fragments."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from apps.reviews import selectors, services
from apps.reviews.diff_page import (
    FILES_INLINE,
    add_first_diffs,
    changed_entries,
    entry_of,
    file_diff,
)
from apps.reviews.diff_rows import draw, draw_context
from apps.reviews.file_list import draw_list

FILES_AT_ONCE = 40
MOST_SECTIONS = 200
LAYOUTS = {"unified", "split"}


def _layout(request: HttpRequest) -> tuple[bool, bool]:
    """Return whether to draw side by side, and whether white space is ignored."""
    asked = request.GET.get("view") or request.COOKIES.get("diff-view", "")
    return (asked if asked in LAYOUTS else "unified") == "split", request.GET.get("space") == "ignore"


def _number(request: HttpRequest, name: str, least: int) -> int:
    value = request.GET.get(name, "")
    return max(least, int(value)) if value.isdecimal() and len(value) < 9 else least


@require_GET
def review(request: HttpRequest, project_id: int, review_id: int) -> HttpResponse:
    """Show a review: the change with its findings and threads, or, without a base, its findings."""
    found = selectors.review_by_id(project_id, review_id)
    if not found.is_change:
        return redirect("review-findings", project_id, review_id)
    split, ignore_space = _layout(request)
    entries = changed_entries(found)
    add_first_diffs(found, entries, ignore_space=ignore_space)
    for entry in entries[:FILES_INLINE]:
        entry.rows = draw(entry.inline, split=split) if entry.inline else None
    context = {
        "project": found.project,
        "section": "reviews",
        "review": found,
        "file_count": len(entries),
        "file_list": draw_list(entries),
        "entries": entries[:FILES_AT_ONCE],
        "split": split,
        "ignore_space": ignore_space,
        "added": sum(e.file.added or 0 for e in entries),
        "removed": sum(e.file.removed or 0 for e in entries),
        "viewed": sum(e.viewed for e in entries),
        "counts": selectors.severity_counts(found),
        "crumbs": [{"label": found.title}],
    }
    response = render(request, "reviews/review.html", context)
    if request.GET.get("view") in LAYOUTS:
        response.set_cookie("diff-view", request.GET["view"], samesite="Strict", max_age=365 * 86400)
    return response


@require_GET
def files(request: HttpRequest, project_id: int, review_id: int) -> HttpResponse:
    """Render the sections of the files from the place `from` up to the place `to`, without their rows."""
    found = selectors.review_by_id(project_id, review_id)
    entries = changed_entries(found)[_number(request, "from", 0) : _number(request, "to", 0)]
    context = {"review": found, "entries": entries[:MOST_SECTIONS]}
    return render(request, "reviews/file_sections.html", context)


@require_GET
def file(request: HttpRequest, project_id: int, review_id: int, index: int) -> HttpResponse:
    """Render one file's rows, from the one numbered `from` on."""
    found = selectors.review_by_id(project_id, review_id)
    split, ignore_space = _layout(request)
    diff = file_diff(found, entry_of(found, index), ignore_space=ignore_space)
    start = _number(request, "from", 0)
    context = {"diff": diff, "review": found, "rows": draw(diff, split=split, start=start), "split": split}
    return render(request, "reviews/file_rows.html" if start else "reviews/file_diff.html", context)


@require_GET
def context_lines(request: HttpRequest, project_id: int, review_id: int, index: int) -> HttpResponse:
    """Render unchanged lines between two hunks."""
    found = selectors.review_by_id(project_id, review_id)
    split, _ = _layout(request)
    diff = file_diff(found, entry_of(found, index))
    old, new = _number(request, "old", 1), _number(request, "new", 1)
    return HttpResponse(
        draw_context(diff, old=old, new=new, count=min(_number(request, "count", 0), 5000), split=split)
    )


@require_POST
def viewed(request: HttpRequest, project_id: int, review_id: int, index: int) -> HttpResponse:
    """Mark a file's change as viewed, or take the mark back."""
    found = selectors.review_by_id(project_id, review_id)
    entry = entry_of(found, index)
    services.mark_viewed(found, entry.path, entry.contents, request.POST.get("viewed") == "1")
    return HttpResponse(status=204)
