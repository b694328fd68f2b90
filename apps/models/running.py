"""Where models are loaded just now, for requests that must not wait: what fails rests, and is not asked meanwhile."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from asgiref.sync import sync_to_async
from channels.db import database_sync_to_async

from apps.models.runtimes import runtimes
from apps.models.selectors import active_version
from rust_ai_ide.runtime.client import RuntimeClient
from rust_ai_ide.runtime.errors import RuntimeFailure
from rust_ai_ide.runtime.routing import Router

STATUS_SECONDS = 0.5
KEPT_SECONDS = 1.0
runtime_router = Router(first_rest=1.0, longest_rest=5.0)
"""How runtimes did, by address. They are started again by themselves, so none rests for long."""
_kept: tuple[float, tuple[RuntimeClient, ...], list[tuple[RuntimeClient, dict[str, Any]]]] = (0.0, (), [])
_lock = threading.Lock()
ACTIVE_SECONDS = 5.0
_active: tuple[float, str] = (0.0, "")


async def active_model() -> str:
    """Return the id of the active version, "" where there is none; another process's choice is heard of in seconds."""
    global _active
    at, model = _active
    if not model or time.monotonic() - at > ACTIVE_SECONDS:
        version = await database_sync_to_async(active_version)()
        model = version.identifier if version else ""
        _active = (time.monotonic(), model)
    return model


def forget_active_model() -> None:
    """Look the active version up again at the next request."""
    global _active
    _active = (0.0, "")


async def least_busy(model: str) -> RuntimeClient | None:
    """Return the runtime to ask for a model: the least busy of the healthy that have it; None where all rest.

    Where there is but one, it is not asked beforehand.
    """
    clients = _healthy()
    if len(clients) < 2:
        return next(iter(clients), None)
    found = await sync_to_async(_statuses, thread_sensitive=False)(clients)
    having = [item for item in found if any(row["id"] == model for row in item[1]["models"])]
    chosen = min(having or found, key=lambda item: _busy(item[1]), default=None)
    return chosen[0] if chosen else None


def loaded_elsewhere(model: str) -> list[tuple[str, RuntimeClient]]:
    """Return the other models that are loaded, each on its least busy runtime; those that infill go first."""
    found = sorted(_statuses(_healthy()), key=lambda item: _busy(item[1]))
    chosen: dict[str, tuple[bool, RuntimeClient]] = {}
    for client, status in found:
        for row in status["models"]:
            if row["id"] != model:
                chosen.setdefault(row["id"], (bool(row["can_infill"]), client))
    ordered = sorted(chosen.items(), key=lambda item: (not item[1][0], item[0]))
    return [(name, client) for name, (_, client) in ordered]


def problems_of_runtimes() -> list[str]:
    """Return why those that rest do."""
    problems = [runtime_router.health(client.url)[1] for client in runtimes()]
    return [problem for problem in problems if problem]


def _healthy() -> list[RuntimeClient]:
    by_url = {client.url: client for client in runtimes()}
    return [by_url[url] for url in runtime_router.order(list(by_url))]


def _statuses(clients: list[RuntimeClient]) -> list[tuple[RuntimeClient, dict[str, Any]]]:
    """Ask these runtimes how they are, at most once a second."""
    global _kept
    if not clients:
        return []
    with _lock:
        at, whom, known = _kept
        if whom != tuple(clients) or time.monotonic() - at > KEPT_SECONDS:
            with ThreadPoolExecutor(len(clients)) as pool:
                answers = pool.map(_status, clients)
                known = [(client, status) for client, status in zip(clients, answers, strict=True) if status]
            _kept = (time.monotonic(), tuple(clients), known)
        return known


def _status(client: RuntimeClient) -> dict[str, Any]:
    try:
        with runtime_router.trying(client.url) as answered:
            status = client.status(STATUS_SECONDS)
            answered()
            return status
    except RuntimeFailure:
        return {}


def _busy(status: dict[str, Any]) -> int:
    return sum(row["waiting"] + row["is_busy"] for row in status["models"])
