"""The rules' documentation, as it lies in `docs/rules`, and the page to try rules of one's own."""

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_http_methods

from apps.common.markdown import markdown_html
from apps.projects.selectors import all_projects
from apps.reviews import trying
from rust_ai_ide.errors import RustAiIdeError
from rust_ai_ide.review.catalogue import all_rules


@require_GET
def rules(request: HttpRequest) -> HttpResponse:
    """List the rules."""
    listed = sorted(all_rules(), key=lambda rule: (rule.category, -rule.severity.rank, rule.id))
    return render(request, "reviews/rules.html", {"rules": listed, "section": "rules"})


@require_GET
def rule(request: HttpRequest, rule_id: str) -> HttpResponse:
    """Show one rule's page."""
    found = next((rule for rule in all_rules() if rule.id == rule_id), None)
    if found is None:
        raise Http404
    text = (settings.BASE_DIR / "docs" / "rules" / f"{found.id}.md").read_text()
    context = {"rule": found, "page": markdown_html(text), "section": "rules"}
    return render(request, "reviews/rule.html", context)


@require_http_methods(["GET", "POST"])
def try_rules(request: HttpRequest) -> HttpResponse:
    """Show the form to try rules of one's own, and what they find."""
    context: dict[str, Any] = {
        "section": "rules",
        "crumbs": [{"label": "Rules", "url": "/rules/"}, {"label": "Try"}],
        "projects": [project for project in all_projects() if project.is_ready],
        "entered": request.POST.dict() or {"rules": trying.EXAMPLE, "code": trying.EXAMPLE_CODE},
    }
    status = 200
    if request.method == "POST":
        try:
            context["tried"] = trying.try_rules(
                request.POST.get("rules", ""), request.POST.get("code", ""), request.POST.get("project", "")
            )
        except RustAiIdeError as error:
            context["error"], status = str(error), 400
    partial = bool(request.headers.get("HX-Request"))
    template = "reviews/tried.html" if partial else "reviews/try_rules.html"
    return render(request, template, context, status=200 if partial else status)
