"""`/v1/…` and `/infill` for outside clients, by key, and for the workbench's own pages, by session."""

import json
from collections.abc import AsyncIterator
from typing import Any

from asgiref.sync import sync_to_async
from channels.db import database_sync_to_async
from django.http import HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.middleware.csrf import CsrfViewMiddleware
from django.views.decorators.csrf import csrf_exempt

from apps.models import selectors, services
from apps.models.forwarding import forward
from apps.models.runtimes import runtime_for
from rust_ai_ide.runtime.client import RuntimeUnreachable

ALLOWED = {
    "/v1/models": "GET",
    "/v1/completions": "POST",
    "/v1/chat/completions": "POST",
    "/infill": "POST",
}


@csrf_exempt
async def model_interface(request: HttpRequest) -> HttpResponse | StreamingHttpResponse:
    """Hand a request on to the runtime that has the model."""
    path = request.path.rstrip("/")
    is_model = path.startswith("/v1/models/")
    if request.method != ("GET" if is_model else ALLOWED.get(path)):
        return _error(405, f"{path} does not answer {request.method}.", "method_not_allowed")
    user = await database_sync_to_async(_user)(request)
    if user is None:
        return _error(401, "Send a key of the workbench as `Authorization: Bearer …`.", "invalid_api_key")
    body = request.body
    if body:
        body = await database_sync_to_async(_with_model)(body, is_chat="/chat/" in path)
    try:
        runtime = await sync_to_async(runtime_for)(_model(body))
        answer = await forward(runtime, request.method or "GET", path, body, f"user {user.pk}")
    except RuntimeUnreachable as error:
        return _error(503, str(error), "runtime_unreachable")
    return StreamingHttpResponse(_guarded(answer.body), status=answer.status, headers=answer.headers)


async def _guarded(pieces: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    import httpx2

    try:
        async for piece in pieces:
            yield piece
    except httpx2.HTTPError:
        # The status is sent already: the stream says it in its own form.
        message = "The model runtime stopped while it answered. Try again in a moment."
        yield f"data: {json.dumps({'error': {'message': message, 'type': 'server_error'}})}\n\n".encode()
    finally:
        await pieces.aclose()  # type: ignore[attr-defined]


def _user(request: HttpRequest) -> Any:
    kind, _, key = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() == "bearer":
        return services.owner_of_key(key.strip())
    if not request.user.is_authenticated:
        return None
    # A session rides on every request of the browser, so those of our own pages must prove themselves.
    refused = CsrfViewMiddleware(lambda r: HttpResponse()).process_view(request, _protected, (), {})
    return None if refused is not None else request.user


def _protected(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


def _with_model(body: bytes, *, is_chat: bool) -> bytes:
    """Name the active model where the client names none."""
    try:
        values = json.loads(body)
    except (ValueError, RecursionError):
        return body
    if not isinstance(values, dict) or values.get("model"):
        return body
    version = selectors.chatting_version() if is_chat else selectors.active_version()
    return json.dumps({**values, "model": version.identifier}).encode() if version else body


def _model(body: bytes) -> str:
    try:
        value = json.loads(body or b"{}").get("model", "")
    except (ValueError, AttributeError, RecursionError):
        return ""
    return value if isinstance(value, str) else ""


def _error(status: int, message: str, code: str) -> JsonResponse:
    kind = "server_error" if status >= 500 else "invalid_request_error"
    error = {"message": message, "type": kind, "param": None, "code": code}
    return JsonResponse({"error": error}, status=status)
