"""The store keeps facts, and whatever happens to its file fails nobody."""

import multiprocessing
import os
import sqlite3
import threading
from multiprocessing.synchronize import Barrier
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rust_ai_ide.observability.events import Event, Warned
from rust_ai_ide.source import store
from rust_ai_ide.source.store import FactStore, code_version, content_key


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "facts.sqlite3"


@given(bodies=st.dictionaries(st.binary(min_size=16, max_size=16), st.binary(max_size=50), max_size=20))
def test_what_is_put_comes_back(tmp_path_factory: pytest.TempPathFactory, bodies: dict[bytes, bytes]) -> None:
    store = FactStore(tmp_path_factory.mktemp("store") / "facts.sqlite3")
    store.put_many("review", "1", bodies)
    assert store.get_many("review", "1", bodies) == bodies
    store.close()


def test_kinds_and_versions_are_apart(path: Path) -> None:
    store = FactStore(path)
    key = content_key(b"fn main() {}")
    store.put_many("review", "1", {key: b"one"})
    store.put_many("review", "2", {key: b"two"})
    assert store.get_many("review", "1", [key]) == {key: b"one"}
    assert store.get_many("review", "2", [key]) == {key: b"two"}
    assert store.get_many("outline", "1", [key]) == {}
    assert FactStore(path).get_many("review", "2", [key]) == {key: b"two"}


def test_more_keys_than_one_statement_takes(path: Path) -> None:
    store = FactStore(path)
    bodies = {number.to_bytes(16, "big"): b"x" for number in range(3_000)}
    store.put_many("k", "1", bodies)
    assert len(store.get_many("k", "1", bodies)) == 3_000


def test_blobs_are_remembered(path: Path) -> None:
    store = FactStore(path)
    store.remember_blobs({"a" * 40: b"k" * 16})
    assert store.keys_of_blobs(["a" * 40, "b" * 40]) == {"a" * 40: b"k" * 16}


def test_the_key_is_of_the_content() -> None:
    assert content_key(b"a") != content_key(b"b")
    assert len(content_key(b"")) == 16


def test_the_size_is_bounded_and_the_newest_stay(path: Path) -> None:
    store = FactStore(path, max_bytes=400_000)
    for number in range(100):
        store.put_many("k", "1", {number.to_bytes(16, "big"): os.urandom(10_000)})
    kept = store.get_many("k", "1", [number.to_bytes(16, "big") for number in range(100)])
    assert 10 <= len(kept) <= 40
    assert (99).to_bytes(16, "big") in kept
    assert (0).to_bytes(16, "big") not in kept


def test_a_damaged_file_is_made_anew(path: Path) -> None:
    path.write_bytes(b"this is no database" * 500)
    events: list[Event] = []
    store = FactStore(path, events.append)
    store.put_many("k", "1", {b"x" * 16: b"body"})
    assert store.get_many("k", "1", [b"x" * 16]) == {b"x" * 16: b"body"}
    assert [type(event) for event in events] == [Warned]


def test_a_file_damaged_in_the_middle_is_made_anew(path: Path) -> None:
    store = FactStore(path)
    store.put_many("k", "1", {number.to_bytes(16, "big"): b"y" * 2_000 for number in range(50)})
    store.close()
    data = bytearray(path.read_bytes())
    data[4096:] = os.urandom(len(data) - 4096)
    path.write_bytes(data)
    store = FactStore(path)
    store.get_many("k", "1", [b"x" * 16])
    store.put_many("k", "1", {b"x" * 16: b"body"})
    store.put_many("k", "1", {b"z" * 16: b"body"})
    assert store.get_many("k", "1", [b"z" * 16]) == {b"z" * 16: b"body"}


def test_a_place_that_cannot_be_written_is_one_warning(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    events: list[Event] = []
    store = FactStore(tmp_path / "file" / "facts.sqlite3", events.append)
    store.put_many("k", "1", {b"x" * 16: b"body"})
    assert store.get_many("k", "1", [b"x" * 16]) == {}
    assert store.keys_of_blobs(["a"]) == {}
    assert len(events) == 1


def test_a_full_disk_is_one_warning(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    events: list[Event] = []
    store = FactStore(path, events.append)
    store.put_many("k", "1", {b"x" * 16: b"body"})
    store._connection.execute("PRAGMA max_page_count = 8")
    store.put_many("k", "1", {b"y" * 16: b"z" * 500_000})
    assert store.get_many("k", "1", [b"x" * 16]) == {}
    assert [type(event) for event in events] == [Warned]
    assert "full" in events[0].message


def test_threads_share_a_store(path: Path) -> None:
    store = FactStore(path)
    events: list[Event] = []

    def work(number: int) -> None:
        for step in range(20):
            key = bytes([number, step]) * 8
            store.put_many("k", "1", {key: key})
            assert store.get_many("k", "1", [key]) == {key: key}

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    keys = [bytes([number, step]) * 8 for number in range(4) for step in range(20)]
    assert len(store.get_many("k", "1", keys)) == 80
    assert not events


def _fill(paths: list[Path], number: int, together: Barrier) -> None:
    for path in paths:
        store = FactStore(path)
        together.wait(60)
        for step in range(5):
            store.put_many("k", "1", {bytes([number, step]) * 8: b"body"})
        store.close()


def test_processes_share_a_file_from_its_first_moment(tmp_path: Path) -> None:
    paths = [tmp_path / str(number) / "facts.sqlite3" for number in range(20)]
    context = multiprocessing.get_context("spawn")
    together = context.Barrier(3)
    workers = [context.Process(target=_fill, args=(paths, number, together)) for number in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    keys = [bytes([number, step]) * 8 for number in range(3) for step in range(5)]
    assert [len(FactStore(path).get_many("k", "1", keys)) for path in paths] == [15] * 20


def test_the_version_follows_the_code(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "a_package" / "of_rules"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("RULES = 1\n")
    monkeypatch.setattr(store, "__file__", str(tmp_path / "a_package" / "source" / "store.py"))
    before = code_version.__wrapped__("a_package.of_rules")
    assert code_version.__wrapped__("a_package.of_rules") == before
    (package / "__init__.py").write_text("RULES = 22\n")
    assert code_version.__wrapped__("a_package.of_rules") != before


def test_the_file_is_an_sqlite_database_in_wal_mode(path: Path) -> None:
    FactStore(path).put_many("k", "1", {b"x" * 16: b"body"})
    assert sqlite3.connect(path).execute("PRAGMA journal_mode").fetchone() == ("wal",)
