"""Foreign trees are read as blobs: nothing of them ever lies on the disk as files."""

import io
import zipfile
from pathlib import Path

import pytest

from rust_ai_ide.source import git as engine
from rust_ai_ide.source.archives import import_archive
from rust_ai_ide.source.changes import changed_files, diff_hunks
from tests.source.repositories import TestRepository


def all_files(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if not path.is_dir()}


def test_reading_a_tree_checks_nothing_out(tmp_path: Path) -> None:
    made = TestRepository(tmp_path / "r")
    made.commit("First", {"evil.rs": "fn a() {}\n"})
    made.commit("Second", {"evil.rs": "fn b() {}\n", "more.rs": "fn c() {}\n"})
    made.git("clone", "--quiet", "--bare", str(made.path), str(tmp_path / "bare.git"))
    repository = engine.open_repository(tmp_path / "bare.git", tmp_path / "objects")
    before = all_files(tmp_path)
    base, tip = engine.tree_of(repository, "main~"), engine.tree_of(repository, "main")
    for file in changed_files(repository, base, tip):
        diff_hunks(repository, file)
    engine.search_text(repository, tip, "fn")
    list(engine.read_blobs(repository, [entry.blob for entry in engine.list_files(repository, tip)]))
    assert all_files(tmp_path) == before


def test_an_archive_is_never_unpacked(tmp_path: Path) -> None:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as target:
        target.writestr("crate/evil.rs", "fn a() {}\n")
        target.writestr("crate/.gitattributes", "* filter=evil\n")
    repository = import_archive(archive, "x.zip", tmp_path / "imported")
    assert not any("evil" in path or "gitattributes" in path for path in all_files(tmp_path))
    assert engine.entry_at(repository, engine.tree_of(repository, "main"), "evil.rs").size == 10


def test_links_and_submodules_of_a_tree_are_never_followed(tmp_path: Path) -> None:
    made = TestRepository(tmp_path / "r")
    (made.path / "link").symlink_to("/etc")
    made.git("update-index", "--add", "--cacheinfo", f"160000,{'1' * 40},module")
    made.git("add", "link")
    made.git("commit", "--quiet", "-m", "Links")
    repository = engine.open_repository(made.path)
    tree = engine.tree_of(repository, "HEAD")
    for path in ("link/passwd", "module/x"):
        with pytest.raises(engine.PathNotFound):
            engine.entry_at(repository, tree, path)
    with pytest.raises(engine.GitError):
        engine.read_blob(repository, engine.entry_at(repository, tree, "module").blob)


@pytest.mark.parametrize(
    "name", ["--help", "HEAD", "main:evil.rs", "1" * 39, "1" * 40 + "\n" + "2" * 40, "G" * 40]
)
def test_only_full_object_names_are_asked_for(tmp_path: Path, name: str) -> None:
    made = TestRepository(tmp_path / "r")
    made.commit("First", {"evil.rs": "1"})
    repository = engine.open_repository(made.path)
    with pytest.raises(engine.GitError):
        engine.read_blob(repository, name)
    with pytest.raises(engine.GitError):
        engine.list_files(repository, name)
