"""What the shell shows on every page."""

from typing import Any

from django.http import HttpRequest

from apps.common import selectors

THEMES = {"light", "dark"}


def shell(request: HttpRequest) -> dict[str, Any]:
    """Return the theme (from its cookie) and how many runs are unfinished."""
    user = getattr(request, "user", None)
    signed_in = user is not None and user.is_authenticated
    theme = request.COOKIES.get("theme", "")
    return {
        "theme": theme if theme in THEMES else "auto",
        "signed_in": signed_in,
        "unfinished_runs": selectors.unfinished_count() if signed_in else 0,
    }
