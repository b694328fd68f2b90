"""The page of patterns and anti-patterns."""

from collections import Counter
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from apps.architecture import selectors
from apps.projects.places import place_of
from apps.projects.selectors import project_by_id
from rust_ai_ide.architecture.patterns.detecting import DETECTORS
from rust_ai_ide.architecture.patterns.model import ANTI_PATTERN, LEAST_SHOWN, PATTERN

PATTERNS_LISTED = 300
TYPES_LISTED = 100
MODULES_LISTED = 100
_WEAK = frozenset({"coincidental", "logical", "temporal", "procedural"})


@require_GET
def patterns(request: HttpRequest, project_id: int) -> HttpResponse:
    """Show what was found when the structure was worked out, each with its evidence."""
    project = project_by_id(project_id)
    place = place_of(project)
    found = selectors.architecture_of(project)
    findings = (found.model or {}).get("findings") if found is not None else None
    context = {
        "project": project,
        "section": "architecture",
        "place": place,
        "found": found,
        "findings": findings,
        "crumbs": [
            {"label": "Architecture", "url": reverse("architecture", args=[project.pk])},
            {"label": "Patterns"},
        ],
        "detectors": DETECTORS,
        "least": round(LEAST_SHOWN * 100),
        "is_old": found is not None and place.tree != found.tree,
    }
    if findings is not None:
        context |= _tables(findings)
    return render(request, "architecture/patterns.html", context)


def _tables(findings: dict[str, Any]) -> dict[str, Any]:
    shown = [
        {**each, "percent": round(each["confidence"] * 100)}
        for each in findings["patterns"][:PATTERNS_LISTED]
    ]
    modules = findings["cohesion"]["modules"]
    return {
        "groups": [
            ("Patterns", [each for each in shown if each["kind"] == PATTERN]),
            ("Anti-patterns", [each for each in shown if each["kind"] == ANTI_PATTERN]),
        ],
        "left_out": len(findings["patterns"]) - len(shown),
        "types": findings["cohesion"]["types"][:TYPES_LISTED],
        "kinds": Counter(each["kind"] or "none of the seven" for each in modules).most_common(),
        "weak": [each for each in modules if each["kind"] in _WEAK][:MODULES_LISTED],
    }
