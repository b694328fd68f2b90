"""The rules' documentation, as it lies in `docs/rules`."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from apps.common.markdown import markdown_html
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
