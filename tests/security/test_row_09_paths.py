import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rust_ai_ide.source.git import PathNotFound, entry_at, list_folder, open_repository, tree_of
from rust_ai_ide.source.paths import clean_path, open_beneath, path_bytes, path_text
from tests.source.repositories import TestRepository

OUTSIDE = [
    "../x", "a/../../x", "..", "a/..", "..\\x", "a\\..\\..\\x", "%2e%2e/x", "%252e%252e/x",
    "%252e%252e%252fx",
    "..%2fx", "..%5cx", "a\0b", "a%00b", "/etc/passwd", "//etc/passwd", "\\etc", "%2fetc/passwd",
    "file:///etc/passwd", "file:/etc", "C:\\x", "C:/x", "./x", "a/./b", "a//b", "x" * 5000,
]  # fmt: skip


@pytest.mark.parametrize("path", OUTSIDE)
def test_paths_that_could_lead_outside_are_not_found(path: str) -> None:
    with pytest.raises(PathNotFound) as caught:
        clean_path(path)
    assert "\0" not in str(caught.value)


@pytest.mark.parametrize("path", ["../r/a.rs", "%2e%2e/a.rs", "/a.rs", "sub/../a.rs"])
def test_a_tree_answers_for_no_such_path(tmp_path: Path, path: str) -> None:
    made = TestRepository(tmp_path / "r")
    made.commit("First", {"a.rs": "1", "sub/b.rs": "1"})
    repository = open_repository(made.path)
    tree = tree_of(repository, "HEAD")
    for look in (entry_at, list_folder):
        with pytest.raises(PathNotFound):
            look(repository, tree, path)


@pytest.mark.parametrize("path", ["a.rs", "src/a b.rs", "100%.rs", "a%20b", "...", "..a/b", "a:b", "ü/ñ.rs"])
def test_ordinary_paths_pass_unchanged(path: str) -> None:
    assert clean_path(path) == path
    assert clean_path(path + "/") == path


@given(st.text(max_size=60))
def test_what_passes_never_names_a_parent(path: str) -> None:
    try:
        cleaned = clean_path(path)
    except PathNotFound:
        return
    assert not cleaned.startswith("/")
    assert ".." not in cleaned.replace("\\", "/").split("/")
    assert os.path.normpath(f"/root/{cleaned}").startswith("/root")


@given(st.binary(max_size=40))
def test_bytes_survive_as_text(raw: bytes) -> None:
    assert path_bytes(path_text(raw)) == raw


def test_no_link_leads_out_of_a_folder(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("secret")
    root = tmp_path / "root"
    (root / "sub").mkdir(parents=True)
    (root / "plain").write_text("plain")
    (root / "link").symlink_to(tmp_path / "secret")
    (root / "sub/up").symlink_to("..")
    (root / "folder").symlink_to(tmp_path)
    os.mkfifo(root / "pipe")
    number = os.open(root, os.O_RDONLY)
    try:
        os.close(open_beneath(number, "plain"))
        for path in ("link", "folder/secret", "sub/up/plain", "pipe", "sub", "missing"):
            with pytest.raises(OSError):  # noqa: PT011 - the kernel says which
                open_beneath(number, path)
    finally:
        os.close(number)
