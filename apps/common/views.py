"""Sign-in, runs, and the pages for errors."""

from django.contrib.auth import login, logout
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from apps.common import selectors, services
from rust_ai_ide.sign_in import use_token


@require_GET
def sign_in(request: HttpRequest) -> HttpResponse:
    """Say how to get a sign-in link."""
    return render(request, "common/sign_in.html")


@require_http_methods(["GET", "POST"])
def use_sign_in_link(request: HttpRequest, token: str) -> HttpResponse:
    """Sign in by a one-time link: opening it changes nothing, its form (which sends itself) uses it up."""
    if request.user.is_authenticated:
        return redirect("projects")
    if request.method == "GET":
        return render(request, "common/use_sign_in_link.html", {"token": token})
    if not use_token(token):
        return render(request, "common/sign_in.html", {"refused": True}, status=403)
    owner, _ = User.objects.get_or_create(username="owner", defaults={"is_staff": True, "is_superuser": True})
    login(request, owner)
    wanted = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(wanted, allowed_hosts=None):
        return redirect(wanted)
    return redirect("projects")


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session."""
    logout(request)
    return redirect("sign-in")


@require_GET
def runs(request: HttpRequest) -> HttpResponse:
    """List what the workbench is doing and has done."""
    return render(request, "common/runs.html", {"runs": selectors.recent_runs(), "section": "runs"})


@require_GET
def run(request: HttpRequest, run_id: int) -> HttpResponse:
    """Show one run and its log."""
    found = selectors.run_by_id(run_id)
    context = {"run": found, "events": selectors.events_after(found.pk, 0), "section": "runs"}
    return render(request, "common/run.html", context)


@require_GET
def run_status(request: HttpRequest, run_id: int) -> HttpResponse:
    """Render a run's progress alone, as pages embed it."""
    return render(request, "common/run_status.html", {"run": selectors.run_by_id(run_id)})


@require_POST
def cancel_run(request: HttpRequest, run_id: int) -> HttpResponse:
    """Stop a run."""
    found = selectors.run_by_id(run_id)
    services.cancel_run(found)
    if request.headers.get("HX-Request"):
        return render(request, "common/run_status.html", {"run": selectors.run_by_id(run_id)})
    return redirect("run", run_id)


@require_POST
def run_again(request: HttpRequest, run_id: int) -> HttpResponse:
    """Do a finished run's work once more."""
    again = services.run_again(selectors.run_by_id(run_id))
    return redirect(again.page or "runs")


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Say that there is no such page."""
    context = {
        "status": 404,
        "message": "There is nothing at this address. It may have been renamed or forgotten.",
    }
    return render(request, "common/error.html", context, status=404)


def failed(request: HttpRequest) -> HttpResponse:
    """Say that the workbench broke, and where the details are."""
    return render(request, "common/failed.html", status=500)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Say that the request made no sense."""
    context = {"status": 400, "message": "The browser sent something that this server does not take."}
    return render(request, "common/failed.html", context, status=400)


def csrf_refused(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Say that a form was too old or came from elsewhere."""
    context = {
        "status": 403,
        "message": "This form is out of date, so nothing was done. Go back, reload, and send it again.",
    }
    return render(request, "common/error.html", context, status=403)
