"""The completions that are kept: their counts as JSON, and emptying them."""

from dataclasses import asdict

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_POST

from apps.models.kept_completions import cache_report, empty_cache


@require_GET
def report(request: HttpRequest) -> JsonResponse:
    """Answer with the counts of this web process."""
    return JsonResponse(asdict(cache_report()))


@require_POST
def empty(request: HttpRequest) -> HttpResponse:
    """Throw the kept completions away; the counts stay."""
    empty_cache(request.user)
    messages.success(request, "No completions are kept now.")
    return redirect("hardware")
