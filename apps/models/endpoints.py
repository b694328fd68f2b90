"""Setting up endpoints: models behind other servers."""

from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction

from apps.models.models import Endpoint
from apps.models.services import record
from rust_ai_ide.runtime.endpoints import ChatEndpoint, EndpointKind, checked_url
from rust_ai_ide.runtime.errors import InvalidConfig
from rust_ai_ide.secret_box import seal, unseal

MOST_ENDPOINTS = 20
SMALLEST_WINDOW = 512
LARGEST_WINDOW = 2_000_000


def add_endpoint(values: dict[str, str], user: Any) -> Endpoint:
    """Add an endpoint from a form's values. Raises InvalidConfig that names the field."""
    kind = values.get("kind", "")
    if kind not in Endpoint.Kind.values:
        raise InvalidConfig("Choose whose interface the server speaks.", "kind")
    name, model = values.get("name", "").strip()[:80], values.get("model", "").strip()[:200]
    if not name or not model:
        raise InvalidConfig("Give the endpoint a name, and the name of the model there.", "model")
    window = values.get("context_length", "").strip() or "8192"
    if not window.isdecimal() or not SMALLEST_WINDOW <= int(window[:9]) <= LARGEST_WINDOW:
        raise InvalidConfig(
            f"The window must be from {SMALLEST_WINDOW} to {LARGEST_WINDOW:,} tokens.", "context_length"
        )
    if Endpoint.objects.count() >= MOST_ENDPOINTS:
        raise InvalidConfig(f"There are {MOST_ENDPOINTS} endpoints already.", "name")
    completes = values.get("completes", "")
    _check_completes(kind, completes)
    key = values.get("key", "").strip()
    if any(not 32 < ord(character) < 127 for character in key):
        raise InvalidConfig("A key has neither spaces nor letters beyond ASCII.", "key")
    try:
        with transaction.atomic():
            made = Endpoint.objects.create(
                name=name,
                kind=kind,
                url=checked_url(EndpointKind(kind), values.get("url", "")),
                model=model,
                sealed_key=seal(key) if key else b"",
                context_length=int(window),
                completes=completes,
            )
    except IntegrityError as error:
        raise InvalidConfig(f"There is an endpoint {name} already.", "name") from error
    record(user, "add endpoint", "", f"{name}: {made.url}")
    return made


def switch_endpoint(endpoint: Endpoint, user: Any) -> None:
    """Turn an endpoint off, or on again."""
    Endpoint.objects.filter(pk=endpoint.pk).update(is_enabled=not endpoint.is_enabled)
    record(user, "disable endpoint" if endpoint.is_enabled else "enable endpoint", "", endpoint.name)


def let_complete(endpoint: Endpoint, completes: str, user: Any) -> None:
    """Say whether an endpoint may complete, and how it is asked. Raises InvalidConfig."""
    _check_completes(endpoint.kind, completes)
    Endpoint.objects.filter(pk=endpoint.pk).update(completes=completes)
    action = f"let endpoint complete by {completes}" if completes else "let endpoint not complete"
    record(user, action, "", endpoint.name)


def _check_completes(kind: str, completes: str) -> None:
    if completes not in Endpoint.Completes.values:
        raise InvalidConfig("Choose whether the endpoint may complete.", "completes")
    if completes and kind == Endpoint.Kind.ANTHROPIC:
        raise InvalidConfig("Anthropic's interface chats and does not complete.", "completes")
    if completes == Endpoint.Completes.INFILL and kind != Endpoint.Kind.COMPATIBLE:
        raise InvalidConfig("Only llama.cpp's server has /infill.", "completes")


def delete_endpoint(endpoint: Endpoint, user: Any) -> None:
    """Forget an endpoint and its key."""
    record(user, "delete endpoint", "", endpoint.name)
    endpoint.delete()


def is_allowed(endpoint: Endpoint) -> bool:
    """Tell whether anything may go there: it is on, and the settings allow its kind."""
    return endpoint.is_enabled and (settings.ALLOW_CLOUD or not endpoint.is_cloud)


def chat_endpoint(endpoint: Endpoint) -> ChatEndpoint:
    """Return the endpoint as the engine calls it. Raises SecretUnreadable."""
    key = unseal(endpoint.sealed_key) if endpoint.sealed_key else ""
    return ChatEndpoint(EndpointKind(endpoint.kind), endpoint.url, endpoint.model, key)
