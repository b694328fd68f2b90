"""Reading versions, keys and the audit log."""

from typing import Any

from django.db.models import QuerySet
from django.http import Http404

from apps.models.models import ApiKey, Endpoint, ModelEvent, ModelVersion

EVENTS_SHOWN = 100


def versions() -> QuerySet[ModelVersion]:
    """Return every version."""
    return ModelVersion.objects.all()


def version_by_id(version_id: int) -> ModelVersion:
    """Return one version, or answer 404."""
    try:
        return ModelVersion.objects.get(pk=version_id)
    except ModelVersion.DoesNotExist as error:
        raise Http404 from error


def active_version() -> ModelVersion | None:
    """Return the version that completes, if one is chosen."""
    return ModelVersion.objects.filter(is_active=True).first()


def explaining_version(identifier: str) -> ModelVersion | None:
    """Return the version with this id, the active one for "", None where there is none."""
    if not identifier:
        return active_version()
    name, _, version = identifier.rpartition("@")
    return ModelVersion.objects.filter(name=name, version=version).first()


def chatting_version() -> ModelVersion | None:
    """Return the version that answers chats: the active one if it can, else any that can."""
    return ModelVersion.objects.filter(can_chat=True).order_by("-is_active", "-added_at").first()


def endpoints() -> QuerySet[Endpoint]:
    """Return every endpoint."""
    return Endpoint.objects.all()


def endpoint_by_id(endpoint_id: int) -> Endpoint:
    """Return one endpoint, or answer 404."""
    try:
        return Endpoint.objects.get(pk=endpoint_id)
    except Endpoint.DoesNotExist as error:
        raise Http404 from error


def api_keys(user: Any) -> QuerySet[ApiKey]:
    """Return a user's keys."""
    return ApiKey.objects.filter(user=user)


def events() -> QuerySet[ModelEvent]:
    """Return the newest lines of the audit log."""
    return ModelEvent.objects.select_related("user")[:EVENTS_SHOWN]
