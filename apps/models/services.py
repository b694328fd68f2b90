"""What a user may do with model versions."""

import hashlib
import secrets
from typing import Any

from django.db import transaction
from django.utils import timezone

from apps.common.models import Run
from apps.common.services import start_run
from apps.models.hardware import SUBJECT
from apps.models.models import ApiKey, ModelEvent, ModelVersion
from apps.models.registry import sync_registry
from apps.models.running import forget_active_model
from rust_ai_ide.runtime import library
from rust_ai_ide.runtime.errors import InvalidConfig

KEY_PREFIX = "rai-"
MOST_KEYS = 100


def start_loading(version: ModelVersion, user: Any, options: dict[str, Any]) -> Run:
    """Load a version into the runtime, as a run."""
    record(user, "load", version.identifier)
    return _start("load-model", "Load", version, options)


def start_unloading(version: ModelVersion, user: Any) -> Run:
    """Unload a version once it is idle, as a run."""
    record(user, "unload", version.identifier)
    return _start("unload-model", "Unload", version, {})


def start_tuning(version: ModelVersion, user: Any) -> Run:
    """Measure which settings of a version are fastest on each runtime's machine, as a run."""
    record(user, "tune", version.identifier)
    return start_run(
        kind="tune-model",
        subject=f"{SUBJECT}{version.identifier}",
        title=f"Tune {version.identifier}",
        page="/models/hardware/",
        arguments={"model": version.identifier},
    )


def start_encrypting(version: ModelVersion, user: Any) -> Run:
    """Encrypt a version's files, as a run. Raises InvalidConfig for one that came with the workbench."""
    if version.is_shipped:
        raise InvalidConfig(
            f"{version.identifier} came with the workbench, so everybody has it: it is not encrypted.",
            "model",
        )
    record(user, "encrypt", version.identifier)
    return _start("encrypt-model", "Encrypt", version, {})


def start_decrypting(version: ModelVersion, user: Any) -> Run:
    """Decrypt a version's files again, as a run."""
    record(user, "decrypt", version.identifier)
    return _start("decrypt-model", "Decrypt", version, {})


def _start(kind: str, verb: str, version: ModelVersion, options: dict[str, Any]) -> Run:
    return start_run(
        kind=kind,
        subject=f"model:{version.identifier}",
        title=f"{verb} {version.identifier}",
        page="/models/",
        arguments={"model": version.identifier, "options": options},
    )


@transaction.atomic
def activate(version: ModelVersion, user: Any) -> None:
    """Let completions come from this version from now on."""
    ModelVersion.objects.filter(is_active=True).update(is_active=False)
    ModelVersion.objects.filter(pk=version.pk).update(is_active=True)
    record(user, "activate", version.identifier)
    transaction.on_commit(forget_active_model)


def register(path: str, user: Any) -> str:
    """Add the model in a folder of this machine; return its id. The folder stays as it is. Raises InvalidConfig."""
    manifest = library.register_path(path)
    record(user, "register", manifest.id, path.strip())
    sync_registry()
    return manifest.id


def delete(version: ModelVersion, user: Any) -> None:
    """Delete a version's folder. Raises InvalidConfig for one that came with the product or is active."""
    if version.is_active:
        raise InvalidConfig(f"{version.identifier} is active; activate another version first.", "model")
    library.delete_model(version.identifier)
    record(user, "delete", version.identifier)
    sync_registry()


def record(user: Any, action: str, model: str, detail: str = "") -> None:
    """Write a line into the audit log."""
    ModelEvent.objects.create(
        user=user if user is not None and user.is_authenticated else None,
        action=action,
        model=model,
        detail=detail,
    )


def make_key(name: str, user: Any) -> str:
    """Make a key for an outside client; return it, for the only time. Raises InvalidConfig."""
    name = name.strip()[:80]
    if not name:
        raise InvalidConfig("Give the key a name, such as that of the editor that will use it.", "name")
    if ApiKey.objects.filter(user=user).count() >= MOST_KEYS:
        raise InvalidConfig(f"There are {MOST_KEYS} keys already; revoke one first.", "name")
    key = KEY_PREFIX + secrets.token_urlsafe(32)
    ApiKey.objects.create(name=name, digest=_digest(key), hint=key[:8], user=user)
    record(user, "make key", "", name)
    return key


def revoke_key(key_id: int, user: Any) -> None:
    """Refuse a key from now on."""
    for key in ApiKey.objects.filter(pk=key_id, user=user):
        record(user, "revoke key", "", key.name)
        key.delete()


def owner_of_key(key: str) -> Any:
    """Return the user whose key this is, or None."""
    if not key.startswith(KEY_PREFIX):
        return None
    found = ApiKey.objects.filter(digest=_digest(key)).select_related("user").first()
    if found is None or not found.user.is_active:
        return None
    if found.used_at is None or (timezone.now() - found.used_at).total_seconds() > 60:
        ApiKey.objects.filter(pk=found.pk).update(used_at=timezone.now())
    return found.user


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()
