import os
from pathlib import Path

import pytest

from rust_ai_ide.source.git import (
    ObjectMissing,
    OutputTooLarge,
    PathNotFound,
    Repository,
    SearchRefused,
    TooLarge,
    entry_at,
    list_files,
    list_folder,
    open_repository,
    read_blob,
    read_blobs,
    search_names,
    search_text,
    tree_of,
)
from tests.source.repositories import TestRepository


@pytest.fixture
def opened(tmp_path: Path) -> tuple[Repository, str]:
    made = TestRepository(tmp_path / "r")
    made.write("src/lib.rs", "pub mod parser;\nfn needle() {}\n")
    made.write("src/parser.rs", "fn Needle() {}\n")
    made.write("README.md", "text\n")
    made.write("empty", "")
    made.write("big.bin", b"\0" * 100_000)
    (made.path / "link").symlink_to("/etc/passwd")
    (made.path / "loop").symlink_to("loop")
    (Path(os.fsdecode(os.fsencode(made.path) + b"/caf\xe9.rs"))).write_text("latin")
    made.write("odd\nname\t.rs", "odd")
    made.commit()
    repository = open_repository(made.path)
    return repository, tree_of(repository, "HEAD")


def test_all_names_survive_the_way_there_and_back(opened: tuple[Repository, str]) -> None:
    repository, tree = opened
    paths = [entry.path for entry in list_files(repository, tree)]
    assert "caf\udce9.rs" in paths
    assert "odd\nname\t.rs" in paths
    for path in paths:
        entry = entry_at(repository, tree, path)
        assert entry.path == path


def test_links_are_shown_as_links(opened: tuple[Repository, str]) -> None:
    repository, tree = opened
    entry = entry_at(repository, tree, "link")
    assert entry.is_link
    assert read_blob(repository, entry.blob) == b"/etc/passwd"
    assert entry_at(repository, tree, "loop").is_link
    with pytest.raises(PathNotFound):
        entry_at(repository, tree, "link/x")


def test_a_folder_lists_folders_first(opened: tuple[Repository, str]) -> None:
    repository, tree = opened
    assert [entry.name for entry in list_folder(repository, tree)][:2] == ["src", "README.md"]
    assert [entry.path for entry in list_folder(repository, tree, "src/")] == ["src/lib.rs", "src/parser.rs"]
    with pytest.raises(PathNotFound):
        list_folder(repository, tree, "README.md")


def test_blobs_come_in_order_and_large_ones_unread(opened: tuple[Repository, str]) -> None:
    repository, tree = opened
    blobs = {entry.path: entry.blob for entry in list_files(repository, tree)}
    names = [blobs["src/lib.rs"], blobs["big.bin"], blobs["empty"], blobs["src/lib.rs"]]
    found = list(read_blobs(repository, names, limit=1000))
    assert [name for name, _ in found] == names
    assert found[1][1] == TooLarge(100_000)
    assert found[2][1] == b""
    assert found[0] == found[3]
    with pytest.raises(OutputTooLarge):
        read_blob(repository, blobs["big.bin"], limit=1000)
    with pytest.raises(ObjectMissing):
        read_blob(repository, "0" * 39 + "1")


def test_a_reader_that_stops_early_leaves_no_process(opened: tuple[Repository, str]) -> None:
    repository, tree = opened
    reader = read_blobs(repository, [entry.blob for entry in list_files(repository, tree)] * 2000)
    next(reader)
    reader.close()


def test_ten_thousand_blobs_do_not_deadlock(opened: tuple[Repository, str]) -> None:
    repository, tree = opened
    names = [entry.blob for entry in list_files(repository, tree)] * 1250
    assert sum(1 for _ in read_blobs(repository, names)) == len(names)


def test_text_search(opened: tuple[Repository, str]) -> None:
    repository, tree = opened
    found = search_text(repository, tree, "needle")
    assert [(m.path, m.line, m.column) for m in found.matches] == [
        ("src/lib.rs", 2, 4),
        ("src/parser.rs", 1, 4),
    ]
    assert not found.truncated
    assert len(search_text(repository, tree, "needle", ignore_case=False).matches) == 1
    assert len(search_text(repository, tree, "ne+dle", regex=True).matches) == 2
    assert search_text(repository, tree, "needle", limit=1).truncated
    assert search_text(repository, tree, "--help").matches == ()


@pytest.mark.parametrize("query", ["", "a\nb", "x\0", "y" * 2000])
def test_queries_that_are_none(opened: tuple[Repository, str], query: str) -> None:
    with pytest.raises(SearchRefused):
        search_text(*opened, query)


def test_costly_expressions_are_stopped(opened: tuple[Repository, str]) -> None:
    with pytest.raises(SearchRefused):
        search_text(*opened, "(a{1,255}){1,255}{1,255}", regex=True)


def test_name_search_ranks_what_is_closest_first(opened: tuple[Repository, str]) -> None:
    repository, tree = opened
    assert [entry.path for entry in search_names(repository, tree, "parser")] == ["src/parser.rs"]
    assert search_names(repository, tree, "lib.rs")[0].path == "src/lib.rs"
    assert search_names(repository, tree, "slr")[0].path.startswith("src/")
