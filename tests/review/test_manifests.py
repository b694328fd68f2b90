"""Lint tables of manifests are heard."""

import pytest

from rust_ai_ide.review.config import ReviewConfig
from rust_ai_ide.review.reviewing import SourceFile, review_files
from rust_ai_ide.source.store import content_key

RETURN = b"fn f() -> u8 { return 1; }\n"
WORKSPACE = b'[workspace.lints.clippy]\nneedless_return = "allow"\n'


def of_file(path: str, source: bytes) -> SourceFile:
    return SourceFile(path, content_key(source), lambda: source)


def found(manifests: dict[str, bytes], path: str = "a/src/x.rs") -> int:
    context = [of_file(name, text) for name, text in manifests.items()]
    (review,) = review_files([of_file(path, RETURN)], ReviewConfig(), None, context=context)
    return len(review.findings)


@pytest.mark.parametrize(
    ("table", "count"),
    [
        (b'[lints.clippy]\nneedless_return = "allow"\n', 0),
        (b'[lints.clippy]\nneedless_return = { level = "allow", priority = 1 }\n', 0),
        (b'[lints.clippy]\nstyle = "allow"\n', 0),
        (b'[lints.clippy]\nall = { level = "allow", priority = -1 }\n', 0),
        (b'[lints.clippy]\nall = "allow"\nneedless_return = "warn"\n', 1),
        (b'[lints.clippy]\nneedless_return = "deny"\n', 1),
        (b'[lints.rust]\nunused = "allow"\n', 1),
        (b"[lints\n", 1),
        (b"lints = 1\n", 1),
        (b"# lints \xff\n", 1),
    ],
)
def test_a_table_silences_its_crate(table: bytes, count: int) -> None:
    assert found({"a/Cargo.toml": table}) == count
    assert found({"a/Cargo.toml": table}, "b/src/x.rs") == 1


def test_a_workspace_speaks_for_members_that_say_so() -> None:
    assert found({"Cargo.toml": WORKSPACE, "a/Cargo.toml": b"[lints]\nworkspace = true\n"}) == 0
    assert found({"Cargo.toml": WORKSPACE, "a/Cargo.toml": b"[package]\nname = 'lints'\n"}) == 1
    assert found({"a/Cargo.toml": b"[lints]\nworkspace = true\n"}) == 1
    assert found({"Cargo.toml": WORKSPACE + b"[lints]\nworkspace = true\n"}, "src/x.rs") == 0
