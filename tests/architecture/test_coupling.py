"""Coupling: who leans on whom, and how far a module is from being as abstract as it is stable."""

import pytest

from rust_ai_ide.architecture.metrics.coupling import Coupling, couplings, type_counts, unstable_edges
from rust_ai_ide.architecture.sources import structure_of_files

FILES = {
    "Cargo.toml": b'[package]\nname = "shop"\nedition = "2021"\n[dependencies]\nserde = "1"\n',
    "src/lib.rs": b"pub mod domain; pub mod ui; pub mod store;",
    "src/domain.rs": b"pub trait Storage {} pub struct Order; type Short = Order;\n"
    b"#[cfg(test)] mod tests { use crate::ui::Page; struct Fake; }",
    "src/ui.rs": b"use crate::{domain::Order, store::Disk}; use serde::Serialize; pub struct Page;",
    "src/store/mod.rs": b"mod disk; pub use disk::Disk; use crate::ui::Page;",
    "src/store/disk.rs": b"use crate::domain::Storage; pub struct Disk; pub trait Seek {}",
}


def measured(*, external: bool = False, depth: int | None = None) -> dict[str, Coupling]:
    structure = structure_of_files(FILES)
    found, _ = couplings(structure.model.module_graph, type_counts(structure), external=external, depth=depth)
    return {one.id: one for one in found}


def test_uses_both_ways_are_counted_without_tests_and_types_without_aliases() -> None:
    found = measured()
    assert set(found) == {"shop", "shop::domain", "shop::ui", "shop::store", "shop::store::disk"}
    domain, ui = found["shop::domain"], found["shop::ui"]
    assert (domain.afferent, domain.efferent, domain.types, domain.traits) == (2, 0, 2, 1)
    assert (domain.instability, domain.abstractness, domain.distance) == (0, 0.5, 0.5)
    assert (ui.afferent, ui.efferent) == (1, 2)
    assert ui.instability == pytest.approx(2 / 3)


def test_what_is_not_defined_is_none() -> None:
    top = measured()["shop"]
    assert (top.instability, top.abstractness, top.distance) == (None, None, None)


def test_crates_from_outside_count_when_asked_and_have_no_measures() -> None:
    assert measured(external=True)["shop::ui"].efferent == 3
    assert "serde" not in measured(external=True)


def test_what_lies_deeper_counts_as_part_of_what_is_around_it() -> None:
    found = measured(depth=1)
    assert set(found) == {"shop", "shop::domain", "shop::ui", "shop::store"}
    store = found["shop::store"]
    assert (store.afferent, store.efferent, store.types, store.traits) == (1, 2, 2, 1)
    assert set(measured(depth=0)) == {"shop"}


def test_edges_to_what_is_less_stable_come_with_by_how_much() -> None:
    # All lean on `core`, but it leans on `plug`, which leans on two others.
    files = {
        "Cargo.toml": FILES["Cargo.toml"],
        "src/lib.rs": b"mod core; mod plug; mod a; mod b;",
        "src/core.rs": b"use crate::plug::Plug; pub struct Core;",
        "src/plug.rs": b"use crate::{a::A, b::B}; pub struct Plug;",
        "src/a.rs": b"use crate::core::Core; pub struct A;",
        "src/b.rs": b"use crate::core::Core; pub struct B;",
    }
    structure = structure_of_files(files)
    found, graph = couplings(structure.model.module_graph, type_counts(structure))
    (one,) = unstable_edges(found, graph)
    assert (one.edge.source, one.edge.target) == ("shop::core", "shop::plug")
    assert one.by == pytest.approx(2 / 3 - 1 / 3)
    assert not unstable_edges(found, graph, least=0.5)
