from pathlib import Path

import pytest

from rust_ai_ide.source.git import (
    NotARepository,
    UnknownRevision,
    branches,
    commits,
    commits_between,
    head,
    list_files,
    merge_base,
    open_repository,
    resolve,
    snapshot_index,
    snapshot_work_tree,
    tree_of,
    work_files,
)
from tests.source.repositories import TestRepository


def test_a_work_tree_opens_at_its_top_and_from_any_folder_in_it(tmp_path: Path) -> None:
    made = TestRepository(tmp_path / "r")
    made.commit("First", {"src/deep/a.rs": "fn a() {}\n"})
    for place in ("r", "r/src", "r/src/deep", "r/.git"):
        repository = open_repository(tmp_path / place)
        assert repository.work_tree == tmp_path / "r"
        assert head(repository) == made.git("rev-parse", "HEAD")


@pytest.mark.parametrize("make", ["missing", "file", "plain"])
def test_what_is_no_repository_is_said_so(tmp_path: Path, make: str) -> None:
    path = tmp_path / "x"
    if make == "file":
        path.write_text("hello")
    if make == "plain":
        path.mkdir()
    with pytest.raises(NotARepository) as caught:
        open_repository(path)
    words = {"missing": "no folder", "file": "is a file", "plain": "git init"}
    assert words[make] in str(caught.value)


def test_a_repository_without_commits_has_no_head_but_files(tmp_path: Path) -> None:
    made = TestRepository(tmp_path / "r")
    made.write("a.rs", "fn a() {}")
    repository = open_repository(made.path)
    assert head(repository) is None
    assert branches(repository) == ()
    assert work_files(repository) == ("a.rs",)
    assert [entry.path for entry in list_files(repository, snapshot_work_tree(repository))] == ["a.rs"]
    assert list_files(repository, snapshot_index(repository)) == ()


def test_a_bare_repository_has_history_but_no_work_tree(tmp_path: Path) -> None:
    made = TestRepository(tmp_path / "r")
    name = made.commit("First", {"a.rs": ""})
    made.git("clone", "--quiet", "--bare", str(made.path), str(tmp_path / "bare.git"))
    repository = open_repository(tmp_path / "bare.git")
    assert repository.is_bare
    assert resolve(repository, "main") == name
    with pytest.raises(NotARepository, match="bare"):
        snapshot_work_tree(repository)


def test_a_linked_work_tree_and_a_detached_head(tmp_path: Path) -> None:
    made = TestRepository(tmp_path / "r")
    first = made.commit("First", {"a.rs": "1"})
    made.commit("Second", {"a.rs": "2"})
    made.git("worktree", "add", "--quiet", "--detach", str(tmp_path / "linked"), first)
    (tmp_path / "linked" / "new.rs").write_text("new")
    repository = open_repository(tmp_path / "linked")
    assert head(repository) == first
    assert not any(branch.is_current for branch in branches(repository) if branch.name != "main")
    tree = snapshot_work_tree(repository)
    assert [entry.path for entry in list_files(repository, tree)] == ["a.rs", "new.rs"]


def test_a_linked_work_tree_whose_repository_is_gone(tmp_path: Path) -> None:
    (tmp_path / ".git").write_text("gitdir: /nonexistent/x\n")
    with pytest.raises(NotARepository, match="gone"):
        open_repository(tmp_path)


def test_sha256_repositories(tmp_path: Path) -> None:
    made = TestRepository(tmp_path / "r", "--object-format=sha256")
    name = made.commit("First", {"a.rs": "1"})
    made.write("a.rs", "2")
    repository = open_repository(made.path)
    assert resolve(repository, "HEAD") == name
    assert len(name) == 64
    assert list_files(repository, snapshot_work_tree(repository)) != list_files(
        repository, tree_of(repository, "HEAD")
    )


def test_a_path_with_colons_and_quotes_keeps_its_objects_readable(tmp_path: Path) -> None:
    made = TestRepository(tmp_path / 'a:b"c\\d')
    name = made.commit("First", {"a.rs": "1"})
    repository = open_repository(made.path)
    assert head(repository) == name
    made.write("a.rs", "2")
    assert list_files(repository, snapshot_work_tree(repository))[0].size == 1


@pytest.mark.parametrize(
    "revision", ["", "-h", "--all", "nope", "a\nb", "a\0b", "x" * 5000, "HEAD\x1b[2J", ":/"]
)
def test_revisions_that_name_nothing(tmp_path: Path, revision: str) -> None:
    made = TestRepository(tmp_path / "r")
    made.commit("First", {"a.rs": "1"})
    with pytest.raises(UnknownRevision) as caught:
        resolve(open_repository(made.path), revision)
    assert "\x1b" not in str(caught.value)


def test_history_newest_first_with_all_that_a_page_shows(tmp_path: Path) -> None:
    made = TestRepository(tmp_path / "r")
    first = made.commit("First", {"a.rs": "1", "b.rs": "1"})
    second = made.commit("Second\n\nWith a body\nof two lines.", {"a.rs": "2"})
    made.git("branch", "side", first)
    repository = open_repository(made.path)
    found = commits(repository, "main")
    assert [commit.name for commit in found] == [second, first]
    assert found[0].subject == "Second"
    assert found[0].body == "With a body\nof two lines."
    assert found[0].parents == (first,)
    assert found[1].body == ""
    assert found[0].author == "Ann"
    assert [commit.name for commit in commits(repository, "main", path="b.rs")] == [first]
    assert [commit.name for commit in commits(repository, "main", skip=1, limit=1)] == [first]
    assert [commit.name for commit in commits_between(repository, "side", "main")] == [second]
    assert merge_base(repository, "side", "main") == first
    assert [(b.name, b.is_current, b.is_remote) for b in branches(repository)] == [
        ("main", True, False),
        ("side", False, False),
    ]


def test_unrelated_histories_have_no_merge_base(tmp_path: Path) -> None:
    made = TestRepository(tmp_path / "r")
    made.commit("First", {"a.rs": "1"})
    made.git("checkout", "--quiet", "--orphan", "other")
    made.commit("Other", {"a.rs": "2"})
    assert merge_base(open_repository(made.path), "main", "other") is None
