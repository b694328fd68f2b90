from pathlib import Path

import pytest

from rust_ai_ide.architecture import sources
from rust_ai_ide.architecture.sources import (
    architecture_of_files,
    build_architecture,
    build_structure,
    structure_of_files,
)
from rust_ai_ide.observability.events import Cancelled, Event
from rust_ai_ide.source.git import open_repository, tree_of
from rust_ai_ide.source.store import FactStore
from tests.source.repositories import TestRepository

FILES: dict[str, str | bytes] = {
    "Cargo.toml": '[package]\nname = "demo"\nedition = "2021"\n',
    "src/lib.rs": "mod a; mod b;",
    "src/a.rs": "use crate::b::B;",
    "src/b.rs": "pub struct B;",
    "src/unused.rs": "(((",
}


def test_a_tree_and_its_files_give_the_same_and_the_store_spares_the_parser(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = TestRepository(tmp_path / "r")
    made.commit("First", FILES)
    repository = open_repository(made.path)
    tree = tree_of(repository, "HEAD")
    store = FactStore(tmp_path / "facts.sqlite")
    first = build_architecture(repository, tree, store)
    assert first == architecture_of_files({path: str(text).encode() for path, text in FILES.items()})
    assert first == build_architecture(repository, tree)
    parsed = []
    monkeypatch.setattr(sources, "extract", lambda source: parsed.append(source))
    assert build_architecture(repository, tree, store) == first
    assert parsed == []
    store.close()


def test_a_project_without_rust_says_so() -> None:
    model = architecture_of_files({"README.md": b"text"})
    assert model.crates == ()
    assert "no Cargo package" in model.notes[0]


def test_it_can_be_cancelled() -> None:
    def cancel(event: Event) -> None:
        raise Cancelled("Stopped.")

    with pytest.raises(Cancelled):
        architecture_of_files({}, cancel)


def test_a_structure_is_the_same_from_a_tree_its_files_and_the_store(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {**FILES, "src/b.rs": "pub struct B { a: crate::a::A }"}
    made = TestRepository(tmp_path / "r")
    made.commit("First", files)
    repository = open_repository(made.path)
    tree = tree_of(repository, "HEAD")
    store = FactStore(tmp_path / "facts.sqlite")
    build_architecture(repository, tree, store)  # stores no types
    plain = structure_of_files({path: str(text).encode() for path, text in files.items()})
    for structure in (build_structure(repository, tree, store), build_structure(repository, tree)):
        assert structure.model == plain.model
        assert structure.files == plain.files
    (declared,) = (module.types for module in plain.modules if module.id == "demo::b")
    assert declared[0].fields[0].types == ("crate::a::A",)
    module = plain.crates["demo"][1]
    assert plain.named(module, "B") == ("demo::b", "B")
    store.close()
