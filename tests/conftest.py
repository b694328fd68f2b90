"""What all tests share: a real repository, a signed-in client. Their data directory is made by `own_home`."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.serving import Server, serving
from tests.source.repositories import TestRepository

pytest_plugins = ["tests.browsing", "tests.runtime.fixtures"]
SLOW_LAST = ("browser", "operation", "scale")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run the quick tests first."""
    items.sort(
        key=lambda item: next((n for n, name in enumerate(SLOW_LAST, 1) if f"/{name}/" in str(item.path)), 0)
    )


LIBRARY = """//! A small library.

/// Adds two numbers.
pub fn add(left: u64, right: u64) -> u64 {
    left + right
}
"""
CHANGED = """//! A small library.

/// Adds two numbers.
pub fn add(left: u64, right: u64) -> u64 {
    let sum = left + right;
    return sum;
}

/// Opens a file.
pub fn open(path: &str) -> std::fs::File {
    dbg!(path);
    std::fs::File::open(path).unwrap()
}
"""
MANIFEST = '[package]\nname = "small"\nversion = "0.1.0"\nedition = "2021"\n'


@pytest.fixture
def repository(tmp_path: Path) -> TestRepository:
    """A crate with two commits on main, the second with something to say about, and a branch at the first."""
    made = TestRepository(tmp_path / "small")
    made.commit("Begin", {"Cargo.toml": MANIFEST, "src/lib.rs": LIBRARY})
    made.git("branch", "start")
    made.commit("Open files", {"src/lib.rs": CHANGED})
    return made


@pytest.fixture
def owner(client, django_user_model) -> Iterator[object]:
    """A client that is signed in."""
    client.force_login(django_user_model.objects.create(username="owner"))
    return client


@pytest.fixture
def work(monkeypatch) -> Iterator[list[int]]:
    """Do queued runs at once when `work()` is called, as a worker would, in this process."""
    from apps.architecture import tasks as _architecture
    from apps.common import performing, services
    from apps.models import tasks as _models
    from apps.projects import tasks as _projects
    from apps.reviews import tasks as _reviews
    from apps.training import tasks as _training

    assert all(
        (_architecture, _models, _projects, _reviews, _training)
    )  # importing them declares the kinds of work

    queued: list[int] = []
    monkeypatch.setattr(services, "send", queued.append)

    def perform_all() -> None:
        while queued:
            performing.perform(queued.pop(0))

    return perform_all


@pytest.fixture(scope="session")
def server(tmp_path_factory) -> Iterator[Server]:
    """A real workbench, shared by the tests that only look."""
    with serving(tmp_path_factory.mktemp("served") / "home") as running:
        yield running
