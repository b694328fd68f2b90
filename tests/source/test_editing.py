"""Saving into a work tree: whole or not at all, never through a link, never over somebody else's change."""

import os
import stat

import pytest

from rust_ai_ide.source.editing import ChangedOnDisk, NotEditable, open_for_editing, save_file
from rust_ai_ide.source.paths import PathNotFound


@pytest.fixture
def root(tmp_path):
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "lib.rs").write_text("fn a() {}\n")
    return tmp_path


def test_a_saved_file_has_the_new_text_and_its_old_mode(root):
    file = root / "src" / "lib.rs"
    file.chmod(0o754)
    opened = open_for_editing(root, "src/lib.rs")
    saved = save_file(root, "src/lib.rs", "fn b() {}\n", expected=opened.digest)
    assert file.read_text() == "fn b() {}\n"
    assert stat.S_IMODE(file.stat().st_mode) == 0o754
    assert open_for_editing(root, "src/lib.rs") == saved
    assert [entry.name for entry in (root / "src").iterdir()] == ["lib.rs"]


def test_line_ends_stay_as_they_are(root):
    file = root / "src" / "lib.rs"
    file.write_bytes(b"a\r\nb\r\n")
    opened = open_for_editing(root, "src/lib.rs")
    assert opened.text == "a\nb\n"
    save_file(root, "src/lib.rs", "a\nc\nb\n", expected=opened.digest)
    assert file.read_bytes() == b"a\r\nc\r\nb\r\n"


def test_a_change_on_disk_is_never_overwritten_unseen(root):
    file = root / "src" / "lib.rs"
    opened = open_for_editing(root, "src/lib.rs")
    file.write_text("theirs\n")
    with pytest.raises(ChangedOnDisk) as caught:
        save_file(root, "src/lib.rs", "mine\n", expected=opened.digest)
    assert file.read_text() == "theirs\n"
    assert caught.value.current.text == "theirs\n"
    save_file(root, "src/lib.rs", "mine\n", expected=caught.value.current.digest)
    assert file.read_text() == "mine\n"


@pytest.mark.parametrize("path", ["../x", "/etc/passwd", "src/../../x", "%2e%2e/x", "src\\..\\x", "a\0b"])
def test_no_path_leads_out(root, path):
    with pytest.raises(PathNotFound):
        open_for_editing(root, path)


@pytest.mark.parametrize("path", [".git/config", "sub/.GIT/hooks/pre-commit", ".git"])
def test_gits_own_files_are_out_of_bounds(root, path):
    with pytest.raises(NotEditable):
        open_for_editing(root, path)
    with pytest.raises(NotEditable):
        save_file(root, path, "x", expected="")


def test_links_are_not_followed(root, tmp_path_factory):
    outside = tmp_path_factory.mktemp("outside")
    (outside / "secret.rs").write_text("secret")
    (root / "file.rs").symlink_to(outside / "secret.rs")
    (root / "folder").symlink_to(outside)
    for path in ("file.rs", "folder/secret.rs"):
        with pytest.raises(NotEditable):
            open_for_editing(root, path)
        with pytest.raises(NotEditable):
            save_file(root, path, "x", expected="")
    assert (outside / "secret.rs").read_text() == "secret"


@pytest.mark.parametrize("data", [b"a\0b", b"\xff\xfe", b"x" * (2 * 1024 * 1024 + 1)])
def test_what_saving_could_damage_is_not_opened(root, data):
    (root / "src" / "lib.rs").write_bytes(data)
    with pytest.raises(NotEditable):
        open_for_editing(root, "src/lib.rs")


def test_a_folder_that_cannot_be_written_leaves_the_file_as_it_was(root):
    if os.getuid() == 0:
        pytest.skip("the administrator may write everywhere")
    opened = open_for_editing(root, "src/lib.rs")
    (root / "src").chmod(0o555)
    try:
        with pytest.raises(NotEditable):
            save_file(root, "src/lib.rs", "x", expected=opened.digest)
    finally:
        (root / "src").chmod(0o755)
    assert (root / "src" / "lib.rs").read_text() == "fn a() {}\n"
