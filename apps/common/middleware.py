"""What stands before every page: the browser's protection, sign-in, and errors told in one sentence."""

from collections.abc import Callable
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from rust_ai_ide.errors import RustAiIdeError
from rust_ai_ide.source.git import ObjectMissing, PathNotFound, UnknownRevision

Handler = Callable[[HttpRequest], HttpResponse]
MISSING = (PathNotFound, UnknownRevision, ObjectMissing)
SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}


def content_policy(style_nonce: str = "") -> str:
    """Return the policy of a page; with a nonce, style sheets that carry it are allowed beside our own files."""
    styles = f"'self' 'nonce-{style_nonce}'" if style_nonce else "'self'"
    return "; ".join(
        [
            "default-src 'none'",
            "script-src 'self'",
            f"style-src {styles}",
            "img-src 'self' data:",
            "font-src 'self'",
            "connect-src 'self'",
            "form-action 'self'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
        ]
    )


POLICY = content_policy()


class ProtectBrowser:
    """Refuses what another site makes the browser send, and tells the browser to run only our own scripts."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer a request, or refuse it."""
        site = request.headers.get("Sec-Fetch-Site", "same-origin")
        if request.method not in SAFE_METHODS and site not in {"same-origin", "none"}:
            return HttpResponse(
                "Another site asked for this, so nothing was done.", status=403, content_type="text/plain"
            )
        request.get_host()
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        response.headers.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
        if "text/html" in response.headers.get("Content-Type", ""):
            response.headers.setdefault("Cache-Control", "no-store")
            response.headers["Vary"] = ", ".join(filter(None, [response.headers.get("Vary"), "HX-Request"]))
        return response


class RequireSignIn:
    """Lets strangers see nothing but the sign-in page and the static files."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer a request, or lead to the sign-in page."""
        # The model interface checks keys of outside clients itself.
        open_paths = ("/sign-in/", "/v1/", "/infill")
        if request.user.is_authenticated or request.path.startswith(open_paths):
            return self.get_response(request)
        if request.path.startswith("/api/"):
            return JsonResponse(
                {"detail": "Sign in first: `rust-ai-ide sign-in-url` prints a link."}, status=401
            )
        if request.headers.get("HX-Request"):
            response = HttpResponse(status=204)
            response.headers["HX-Redirect"] = reverse("sign-in")
            return response
        return redirect(reverse("sign-in") + "?" + urlencode({"next": request.get_full_path()}))


class ExplainErrors:
    """Turns the product's own errors, raised anywhere below a page, into one sentence on a page."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer a request."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Answer errors that are the product's own; Django tells of the others."""
        if not isinstance(error, RustAiIdeError):
            return None
        status = 404 if isinstance(error, MISSING) else getattr(error, "status", 400)
        if request.headers.get("HX-Request") or request.headers.get("X-Fragment"):
            return render(request, "common/error_fragment.html", {"message": str(error)}, status=status)
        return render(request, "common/error.html", {"message": str(error), "status": status}, status=status)
