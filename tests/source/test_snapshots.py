import os
import subprocess
from pathlib import Path

import pytest

from rust_ai_ide.observability.events import Event, Warned
from rust_ai_ide.source.git import (
    Repository,
    UnmergedIndex,
    entry_at,
    list_files,
    open_repository,
    read_blob,
    snapshot_index,
    snapshot_work_tree,
    tree_of,
)
from tests.source.repositories import ENVIRONMENT, TestRepository


@pytest.fixture
def made(tmp_path: Path) -> TestRepository:
    made = TestRepository(tmp_path / "r")
    made.commit("First", {"a.rs": "1", "b.rs": "1", "sub/c.rs": "1", ".gitignore": "target/\n"})
    return made


def contents(repository: Repository, tree: str) -> dict[str, bytes]:
    return {entry.path: read_blob(repository, entry.blob) for entry in list_files(repository, tree)}


def state(path: Path) -> list[tuple[str, int, bytes]]:
    # git renews the time stamps of objects that it would otherwise write again; it writes none.
    return sorted(
        (str(f), 0 if "objects" in f.parts else f.stat().st_mtime_ns, b"" if f.is_dir() else f.read_bytes())
        for f in (path / ".git").rglob("*")
    )


def test_an_unchanged_work_tree_is_its_commit(made: TestRepository) -> None:
    repository = open_repository(made.path)
    assert snapshot_work_tree(repository) == tree_of(repository, "HEAD") == snapshot_index(repository)


def test_everything_that_can_change_is_seen_and_nothing_is_written(made: TestRepository) -> None:
    made.write("a.rs", "22")
    (made.path / "b.rs").unlink()
    made.write("new/d.rs", "new")
    made.write("target/out", "ignored")
    (made.path / "link").symlink_to("a.rs")
    (made.path / "sub/c.rs").chmod(0o755)
    made.write("staged.rs", "staged")
    made.git("add", "staged.rs")
    before = state(made.path)
    repository = open_repository(made.path)
    tree = snapshot_work_tree(repository)
    staged = snapshot_index(repository)
    assert state(made.path) == before
    assert contents(repository, tree) == {
        ".gitignore": b"target/\n",
        "a.rs": b"22",
        "link": b"a.rs",
        "new/d.rs": b"new",
        "staged.rs": b"staged",
        "sub/c.rs": b"1",
    }
    assert {entry.path: entry.mode for entry in list_files(repository, tree)}["sub/c.rs"] == 0o100755
    assert contents(repository, staged)["a.rs"] == b"1"
    made.git("add", "--all")
    assert made.git("write-tree") == tree


def test_a_change_in_the_same_moment_and_of_the_same_size_is_seen(made: TestRepository) -> None:
    repository = open_repository(made.path)
    for content in ("2", "3", "4"):
        index = (made.path / ".git/index").stat()
        made.write("a.rs", content)
        os.utime(made.path / "a.rs", ns=(index.st_mtime_ns, index.st_mtime_ns))
        assert contents(repository, snapshot_work_tree(repository))["a.rs"] == content.encode()


def test_a_folder_swapped_for_a_link_is_not_followed(made: TestRepository, tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside/c.rs").write_text("secret")
    (made.path / "sub/c.rs").unlink()
    (made.path / "sub").rmdir()
    (made.path / "sub").symlink_to(tmp_path / "outside")
    repository = open_repository(made.path)
    found = contents(repository, snapshot_work_tree(repository))
    assert "sub/c.rs" not in found
    assert found["sub"] == str(tmp_path / "outside").encode()


def test_pipes_loops_and_large_files(made: TestRepository) -> None:
    os.mkfifo(made.path / "pipe")
    (made.path / "a.rs").unlink()
    os.mkfifo(made.path / "a.rs")
    (made.path / "loop").symlink_to("loop")
    with (made.path / "large").open("wb") as stream:
        stream.truncate(21 * 1024 * 1024)
    events: list[Event] = []
    repository = open_repository(made.path)
    found = contents(repository, snapshot_work_tree(repository, events.append))
    assert found["loop"] == b"loop"
    assert not {"large", "pipe", "a.rs"} & set(found)
    assert any(isinstance(event, Warned) and "large" in event.message for event in events)


def test_names_that_are_not_text(made: TestRepository) -> None:
    name = b"/caf\xe9\n.rs"
    Path(os.fsdecode(os.fsencode(made.path) + name)).write_bytes(b"x")
    repository = open_repository(made.path)
    assert contents(repository, snapshot_work_tree(repository))["caf\udce9\n.rs"] == b"x"


def test_conflicts_refuse_the_index_but_not_the_work_tree(made: TestRepository) -> None:
    made.git("checkout", "--quiet", "-b", "side")
    made.commit("Side", {"a.rs": "side"})
    made.git("checkout", "--quiet", "main")
    made.commit("Main", {"a.rs": "main"})
    made.git("merge", "side", check=False)
    repository = open_repository(made.path)
    with pytest.raises(UnmergedIndex, match=r"a\.rs"):
        snapshot_index(repository)
    assert b"<<<<<<<" in contents(repository, snapshot_work_tree(repository))["a.rs"]


def test_submodules_are_entries_of_their_own(made: TestRepository, tmp_path: Path) -> None:
    other = TestRepository(tmp_path / "other")
    name = other.commit("First", {"x.rs": "x"})
    made.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(other.path), "vendored")
    made.commit("Add it")
    made.write("vendored/x.rs", "changed inside")
    repository = open_repository(made.path)
    (entry,) = [e for e in list_files(repository, snapshot_work_tree(repository)) if e.is_submodule]
    assert (entry.path, entry.blob) == ("vendored", name)
    inside = open_repository(made.path / "vendored")
    assert inside.work_tree == made.path / "vendored"
    assert contents(inside, snapshot_work_tree(inside)) == {"x.rs": b"changed inside"}


def test_sparse_and_split_indexes(made: TestRepository) -> None:
    made.git("update-index", "--split-index")
    repository = open_repository(made.path)
    assert snapshot_work_tree(repository) == tree_of(repository, "HEAD")
    made.git("update-index", "--no-split-index")
    made.git("sparse-checkout", "set", "--cone", "--sparse-index", "nothing")
    assert not (made.path / "sub").exists()
    assert snapshot_work_tree(repository) == tree_of(repository, "HEAD")


def test_files_named_but_not_yet_added(made: TestRepository) -> None:
    made.write("n.rs", "n")
    made.git("add", "--intent-to-add", "n.rs")
    repository = open_repository(made.path)
    assert contents(repository, snapshot_work_tree(repository))["n.rs"] == b"n"
    snapshot_index(repository)


def test_more_files_than_one_batch(made: TestRepository) -> None:
    for number in range(300):
        made.write(f"many/{number}.rs", str(number))
    repository = open_repository(made.path)
    found = contents(repository, snapshot_work_tree(repository))
    assert all(found[f"many/{number}.rs"] == str(number).encode() for number in range(300))
    subprocess.run(["git", "add", "-A"], cwd=made.path, env=ENVIRONMENT, check=True)


def test_a_hooks_own_index_is_read_and_one_from_elsewhere_is_not(tmp_path: Path) -> None:
    made = TestRepository(tmp_path / "repo")
    made.commit("Begin", {"a.rs": "one\n"})
    made.write("a.rs", "two\n")
    own = made.path / ".git" / "next-index-1.lock"
    own.write_bytes((made.path / ".git" / "index").read_bytes())
    made.git("add", "a.rs", GIT_INDEX_FILE=str(own))
    repository = open_repository(made.path, tmp_path / "objects")
    assert snapshot_index(repository) == made.git("rev-parse", "HEAD^{tree}")
    staged = snapshot_index(repository, own)
    assert read_blob(repository, entry_at(repository, staged, "a.rs").blob) == b"two\n"
    foreign = tmp_path / "index"
    foreign.write_bytes(own.read_bytes())
    assert snapshot_index(repository, foreign) == snapshot_index(repository)
