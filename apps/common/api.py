"""What all REST endpoints share."""

from typing import Any

from rest_framework.response import Response
from rest_framework.views import exception_handler

from rust_ai_ide.errors import RustAiIdeError


def explain(error: Exception, context: dict[str, Any]) -> Response | None:
    """Answer the product's own errors with their sentence, others as REST framework does."""
    if isinstance(error, RustAiIdeError):
        return Response({"detail": str(error)}, status=getattr(error, "status", 400))
    return exception_handler(error, context)
