"""Starts the runtime's server: what to load, how much memory it may take, and under which names it answers."""

import os
import resource
import sys
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass

import psutil

from rust_ai_ide.runtime.errors import InvalidConfig, ModelNotFound
from rust_ai_ide.runtime.generating import LoadOptions
from rust_ai_ide.runtime.hardware import fingerprint
from rust_ai_ide.runtime.library import find_model, known_models
from rust_ai_ide.runtime.manifest import Manifest
from rust_ai_ide.runtime.memory import SHARE_OF_MEMORY
from rust_ai_ide.runtime.server.guard import runtime_key
from rust_ai_ide.runtime.server.remembering import LoadedModels
from rust_ai_ide.runtime.tuning import apply_packing

SLACK = 512 * 1024 * 1024
"""What the process may map beyond its limit before the system refuses: thread stacks, the interpreter."""
LOCAL_NAMES = frozenset({"127.0.0.1", "localhost", "::1"})


@dataclass(frozen=True)
class RuntimeSettings:
    """How to serve. No `models` means those loaded last time; `memory_limit` is in bytes, 0 for a share of all."""

    host: str
    port: int
    models: tuple[str, ...] = ()
    threads: int = 0
    memory_limit: int = 0
    asks_key: bool = True


def serve(settings: RuntimeSettings) -> None:
    """Serve until SIGINT or SIGTERM. Raises InvalidConfig for settings that cannot be."""
    is_local = settings.host in LOCAL_NAMES
    if not is_local and not settings.asks_key:
        raise InvalidConfig("Without a key the runtime listens on 127.0.0.1 only.", "no-key")
    if settings.threads < 0 or settings.memory_limit < 0:
        raise InvalidConfig("Threads and memory must not be negative.", "threads")
    limit = settings.memory_limit or int(psutil.virtual_memory().total * SHARE_OF_MEMORY)
    _bound_memory(limit)
    # OpenMP's own default can hang the process at its exit.
    os.environ.setdefault("OMP_NUM_THREADS", str(os.cpu_count() or 1))

    models = _models(settings)
    apply_packing(_manifests(models), fingerprint())

    import uvicorn

    from rust_ai_ide.runtime.server.app import application

    app = application(
        key=runtime_key() if settings.asks_key else "",
        # Elsewhere the key alone decides: a page that rebinds a name does not have it.
        hosts=LOCAL_NAMES if is_local else frozenset(),
        models=models,
        loaded=LoadedModels.in_data_directory() if not settings.models else LoadedModels(None),
        memory_limit=limit,
    )
    uvicorn.run(
        app,
        host=settings.host,
        port=settings.port,
        log_level="warning",
        access_log=False,
        timeout_graceful_shutdown=3,
        server_header=False,
    )


def _models(settings: RuntimeSettings) -> dict[str, LoadOptions]:
    options = LoadOptions(threads=settings.threads)
    if settings.models:
        return dict.fromkeys(settings.models, options)
    note = LoadedModels.in_data_directory()
    if note.exists():
        return note.wanted()
    return dict.fromkeys(list(known_models())[-1:], options)


def _manifests(models: Iterable[str]) -> list[Manifest]:
    found = []
    for model in models:
        # What is not there is told where it is loaded.
        with suppress(ModelNotFound):
            found.append(find_model(model)[1])
    return found


def _bound_memory(limit: int) -> None:
    """Let the system refuse what goes beyond the limit, so that the machine never swaps to death."""
    if sys.platform == "linux":
        _, hard = resource.getrlimit(resource.RLIMIT_DATA)
        wanted = limit + SLACK
        resource.setrlimit(resource.RLIMIT_DATA, (wanted if hard < 0 else min(wanted, hard), hard))
