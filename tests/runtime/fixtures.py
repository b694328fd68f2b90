"""Tiny models and a runtime over them, registered by `tests/conftest.py`."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.runtime.serving import Runtime, running
from tests.runtime.tiny import tiny_model

LOADED = ("tiny@1", "long@1", "sure@1")


@pytest.fixture(scope="session")
def library() -> Path:
    """The tests' data directory with three models: `tiny` chats, `long` goes on for ever, `sure` is sure of itself."""
    home = Path(os.environ["RUST_AI_IDE_HOME"])
    tiny_model(home / "models" / "tiny@1", chat=True, context_length=1024)
    tiny_model(home / "models" / "long@1", name="long", context_length=20_000, stops=False)
    tiny_model(home / "models" / "sure@1", name="sure", stops=False, sure=True)
    return home


@pytest.fixture(scope="session")
def runtime(library: Path) -> Iterator[Runtime]:
    """A runtime that has them all loaded."""
    chosen = [option for model in LOADED for option in ("--model", model)]
    with running(library, *chosen, models=len(LOADED)) as started:
        yield started


@pytest.fixture
def workbench_runtime(runtime: Runtime, settings) -> Iterator[Runtime]:
    """The same runtime, used by the workbench's pages."""
    from apps.models.runtimes import runtimes

    settings.RUNTIME_URLS = [runtime.url]
    runtimes.cache_clear()
    yield runtime
    runtimes.cache_clear()
    for model in LOADED:
        runtime.ask("/load", {"model": model})
