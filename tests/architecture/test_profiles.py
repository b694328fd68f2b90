"""What is compiled on a platform, with some features: the rest is left out, and certainty grows."""

import pytest

from rust_ai_ide.architecture.model import ArchitectureModel
from rust_ai_ide.architecture.profiles import Profile, enabled
from rust_ai_ide.architecture.sources import architecture_of_files
from rust_ai_ide.source.cargo import read_workspace

MANIFEST = """[package]
name = "demo"
edition = "2021"

[features]
default = ["fast"]
fast = ["dep:rayon", "serde?/derive", "log/std"]
slow = []

[dependencies]
rayon = { version = "1", optional = true }
serde = { version = "1", optional = true }
log = { version = "1", optional = true }

[dev-dependencies]
proptest = "1"
rayon = { version = "1" }
"""
FILES = {
    "Cargo.toml": MANIFEST.encode(),
    "src/lib.rs": b"""
        #[cfg(unix)] mod unix;
        #[cfg(windows)] mod windows;
        #[cfg_attr(windows, path = "for_windows.rs")] mod choice;
        mod shared;
        #[cfg(all(test, not(loom)))] mod tests { use crate::shared::Shared; use proptest::run; }
    """,
    "src/unix.rs": b'#[cfg(target_os = "linux")] use crate::shared::Shared; #[cfg(loom)] use crate::choice::One;',
    "src/windows.rs": b"use crate::shared::Shared;",
    "src/choice.rs": b"pub struct One;",
    "src/for_windows.rs": b"use crate::shared::Shared; pub struct One;",
    "src/shared.rs": b"""
        pub struct Shared;
        #[cfg(feature = "fast")] use crate::choice::One;
        #[cfg(feature = "slow")] use crate::unix;
        fn check() { proptest::now(); rayon::join(); }
    """,
}


def built(platform: str = "", features: str | None = None, **files: bytes) -> ArchitectureModel:
    return architecture_of_files({**FILES, **files}, profile=Profile(platform, features))


def edges(model: ArchitectureModel) -> dict[tuple[str, str], str]:
    return {
        (edge.source.removeprefix("demo::"), edge.target.removeprefix("demo::")): edge.certainty
        for edge in model.edges
        if not edge.is_test and edge.target.startswith("demo")
    }


def test_without_a_choice_all_is_in_the_picture() -> None:
    assert edges(built()) == {
        ("unix", "shared"): "cfg-unknown",
        ("unix", "choice"): "cfg-unknown",
        ("windows", "shared"): "resolved",
        ("choice", "shared"): "cfg-unknown",
        ("shared", "choice"): "cfg-unknown",
        ("shared", "unix"): "cfg-unknown",
    }


def test_a_platform_decides_what_it_knows() -> None:
    assert edges(built("linux")) == {
        ("unix", "shared"): "resolved",
        ("shared", "choice"): "cfg-unknown",
        ("shared", "unix"): "cfg-unknown",
    }
    assert edges(built("windows")) == {
        ("windows", "shared"): "resolved",
        ("choice", "shared"): "resolved",
        ("shared", "choice"): "cfg-unknown",
        # What is left of an import of a module that is not there.
        ("shared", "demo"): "presumed",
    }
    assert ("unix", "shared") not in edges(built("macos"))


def test_a_build_script_may_set_what_the_compiler_does_not_know() -> None:
    assert edges(built("linux", **{"build.rs": b"fn main() {}"}))["unix", "choice"] == "cfg-unknown"


def test_features_decide_on_their_own() -> None:
    assert edges(built(features="default"))["shared", "choice"] == "resolved"
    assert ("shared", "unix") not in edges(built(features="default"))
    assert edges(built("linux", "all"))["shared", "unix"] == "resolved"
    assert ("shared", "choice") not in edges(built("linux", ""))


def test_features_turn_others_on() -> None:
    (package,) = read_workspace({"Cargo.toml": FILES["Cargo.toml"]}, FILES).packages
    assert set(package.features) == {"default", "fast", "slow", "serde", "log"}
    assert enabled(package, "default") == {"default", "fast", "log"}
    assert enabled(package, "slow, serde") == {"slow", "serde"}
    assert enabled(package, "all") == set(package.features)


@pytest.mark.parametrize("profile", [Profile(), Profile("linux", "default")])
def test_what_only_tests_may_use_counts_as_test(profile: Profile) -> None:
    model = architecture_of_files(FILES, profile=profile)
    is_test = {edge.target: edge.is_test for edge in model.edges if edge.source == "demo::shared"}
    assert is_test["proptest"]
    assert not is_test["rayon"]
    examples = architecture_of_files(
        {**FILES, "examples/one.rs": b"fn main() { proptest::now(); }"}, profile=profile
    )
    assert [edge.is_test for edge in examples.edges if edge.source.startswith("one")] == [False]
    (tests,) = (node for node in model.modules if node.id == "demo::tests")
    assert tests.is_test
