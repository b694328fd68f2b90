"""The runtime processes, and what they say of themselves."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.conf import settings

from rust_ai_ide.runtime.client import RuntimeClient, RuntimeUnreachable
from rust_ai_ide.runtime.errors import RuntimeFailure
from rust_ai_ide.runtime.server.guard import runtime_key


@dataclass(frozen=True)
class RuntimeState:
    """What a runtime answered; `problem` where it did not."""

    client: RuntimeClient
    status: dict[str, Any]
    problem: str = ""

    @property
    def models(self) -> dict[str, dict[str, Any]]:
        """Return the rows of its loaded models by id."""
        return {row["id"]: row for row in self.status.get("models", [])}


@cache
def runtimes() -> tuple[RuntimeClient, ...]:
    """Return the runtimes of the settings; those of this machine share its key."""
    key = settings.RUNTIME_KEY or runtime_key()
    return tuple(RuntimeClient(url.rstrip("/"), key) for url in settings.RUNTIME_URLS)


def states() -> list[RuntimeState]:
    """Ask all runtimes at the same time; one that is down costs a second at most."""
    clients = runtimes()
    if not clients:
        return []
    with ThreadPoolExecutor(len(clients)) as pool:
        return list(pool.map(_state, clients))


def _state(client: RuntimeClient) -> RuntimeState:
    try:
        return RuntimeState(client, client.status())
    except RuntimeFailure as error:
        return RuntimeState(client, {}, str(error))


def runtime_for(model: str = "") -> RuntimeClient:
    """Return the runtime that should answer for a model: the least busy of those that have it loaded.

    With none loaded anywhere the first that answers says so itself. Raises RuntimeUnreachable where none answers.
    """
    clients = runtimes()
    if len(clients) == 1:
        return clients[0]
    answering = [state for state in states() if not state.problem]
    if not answering:
        raise RuntimeUnreachable("No model runtime is running. Start one, or set RUNTIME_URLS.")
    name = model.partition("@")[0]
    having = [
        s
        for s in answering
        if not model or any(key in {model} or key.startswith(f"{name}@") for key in s.models)
    ]
    return min(having or answering, key=_load).client


def _load(state: RuntimeState) -> int:
    return sum(row["waiting"] + row["is_busy"] for row in state.models.values())
