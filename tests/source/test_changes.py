from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rust_ai_ide.source.changes import (
    Hunk,
    changed_files,
    changed_lines,
    changed_lines_of_all,
    diff_hunks,
    hunks_of_all,
)
from rust_ai_ide.source.git import (
    Repository,
    list_files,
    open_repository,
    read_blob,
    snapshot_work_tree,
    tree_of,
)
from tests.source.repositories import TestRepository

BODY = "".join(f"line {number}\n" for number in range(40))


@pytest.fixture
def compared(tmp_path: Path) -> tuple[Repository, str, str]:
    made = TestRepository(tmp_path / "r")
    made.write("run.sh", "#!/bin/sh\n")
    made.commit(
        "First",
        {
            "changed.rs": "impl X {\n    pub fn long() {\n" + BODY + "    }\n}\n",
            "deleted.rs": "gone\nfor good\n",
            "old name.rs": BODY,
            "binary": b"\0\1",
            "end.rs": "a\nb",
            "kind": "text",
            "blank.rs": "a b\n",
            "caf\udce9.rs": "1\n",
        },
    )
    made.write(
        "changed.rs", "impl X {\n    pub fn long() {\n" + BODY.replace("line 30\n", "LINE\n") + "    }\n}\n"
    )
    (made.path / "deleted.rs").unlink()
    made.git("mv", "old name.rs", "new\tname.rs")
    made.write("new\tname.rs", BODY + "more\n")
    made.write("binary", b"\0\2")
    made.write("end.rs", "a\nb\n")
    (made.path / "kind").unlink()
    (made.path / "kind").symlink_to("end.rs")
    made.write("added.rs", "x\r\ny\f\nz")
    made.write("empty.rs", "")
    made.write("blank.rs", "a  b\n")
    made.write("caf\udce9.rs", "2\n")
    (made.path / "run.sh").chmod(0o755)
    made.commit("Second")
    repository = open_repository(made.path)
    return repository, tree_of(repository, "HEAD~"), tree_of(repository, "HEAD")


def test_every_kind_of_change(compared: tuple[Repository, str, str]) -> None:
    found = {file.path: file for file in changed_files(*compared)}
    assert {path: file.status for path, file in found.items()} == {
        "added.rs": "A", "binary": "M", "blank.rs": "M", "caf\udce9.rs": "M", "changed.rs": "M",
        "deleted.rs": "D",
        "empty.rs": "A", "end.rs": "M", "kind": "T", "new\tname.rs": "R", "run.sh": "M",
    }  # fmt: skip
    renamed = found["new\tname.rs"]
    assert (renamed.old_path, renamed.added, renamed.removed) == ("old name.rs", 1, 0)
    assert renamed.similarity is not None
    assert renamed.similarity > 90
    assert found["binary"].is_binary
    assert found["binary"].added is None
    assert (found["deleted.rs"].new_blob, found["added.rs"].old_blob) == (None, None)
    assert (found["run.sh"].old_mode, found["run.sh"].new_mode) == (0o100644, 0o100755)
    assert (found["changed.rs"].added, found["changed.rs"].removed) == (1, 1)


def test_hunks_of_one_file_and_of_all_are_the_same(compared: tuple[Repository, str, str]) -> None:
    repository, base, tip = compared
    for file, hunks in hunks_of_all(repository, base, tip):
        if file.status != "T":
            assert hunks == diff_hunks(repository, file)
        if file.added is not None and file.status != "T":
            assert sum(line.kind == "+" for hunk in hunks for line in hunk.lines) == file.added
            assert sum(line.kind == "-" for hunk in hunks for line in hunk.lines) == file.removed


def test_headings_line_ends_and_blanks(compared: tuple[Repository, str, str]) -> None:
    repository, base, tip = compared
    found = {file.path: file for file in changed_files(repository, base, tip)}
    (hunk,) = diff_hunks(repository, found["changed.rs"])
    assert hunk.heading == "pub fn long() {"
    assert [(line.kind, line.old_line, line.new_line) for line in hunk.lines][3:5] == [
        ("-", 33, None),
        ("+", None, 33),
    ]
    (hunk,) = diff_hunks(repository, found["end.rs"])
    assert [(line.kind, line.text, line.ends) for line in hunk.lines] == [
        (" ", b"a", True), ("-", b"b", False), ("+", b"b", True),
    ]  # fmt: skip
    (hunk,) = diff_hunks(repository, found["added.rs"])
    assert [(line.text, line.ends) for line in hunk.lines] == [(b"x\r", True), (b"y\f", True), (b"z", False)]
    assert diff_hunks(repository, found["empty.rs"]) == ()
    assert diff_hunks(repository, found["binary"]) == ()
    assert len(diff_hunks(repository, found["blank.rs"])) == 1
    assert diff_hunks(repository, found["blank.rs"], ignore_space=True) == ()
    without_blanks = {f.path: hunks for f, hunks in hunks_of_all(repository, base, tip, ignore_space=True)}
    assert without_blanks["blank.rs"] == ()
    assert len(without_blanks["changed.rs"]) == 1


def test_changed_lines(compared: tuple[Repository, str, str]) -> None:
    repository, base, tip = compared
    found = changed_lines_of_all(repository, base, tip)
    assert found["changed.rs"] == (range(33, 34),)
    assert found["added.rs"] == (range(1, 4),)
    assert found["new\tname.rs"] == (range(41, 42),)
    assert "deleted.rs" not in found
    for file in changed_files(repository, base, tip):
        if file.new_path is not None and file.status != "T":
            assert changed_lines(repository, file) == found[file.new_path]


def test_submodules_are_changes_without_lines(tmp_path: Path) -> None:
    made = TestRepository(tmp_path / "r")
    made.commit("First")
    for digit in "12":
        made.git("update-index", "--add", "--cacheinfo", f"160000,{digit * 40},module")
        made.git("commit", "--quiet", "-m", "Module")
    repository = open_repository(made.path)
    (file,) = changed_files(repository, tree_of(repository, "HEAD~"), tree_of(repository, "HEAD"))
    assert file.is_submodule
    assert diff_hunks(repository, file) == ()


def applied(old: bytes, hunks: tuple[Hunk, ...]) -> bytes:
    lines = old.split(b"\n")
    old_lines = [line + b"\n" for line in lines[:-1]] + ([lines[-1]] if lines[-1] else [])
    result: list[bytes] = []
    position = 0
    for hunk in hunks:
        start = hunk.old_start - 1 if hunk.old_count else hunk.old_start
        result += old_lines[position:start]
        position = start
        for line in hunk.lines:
            text = line.text + (b"\n" if line.ends else b"")
            if line.kind in " -":
                assert old_lines[position] == text
                assert line.old_line == position + 1
                position += 1
            if line.kind in " +":
                result.append(text)
                assert line.new_line == len(result)
    return b"".join(result + old_lines[position:])


LINES = st.lists(
    st.sampled_from([b"a\n", b"b\n", b"\n", b"@@ -1 +1 @@\n", b"-x\n", b"+\n", b"\\ No\n", b"diff --git a\n"])
)
TEXTS = st.builds(lambda lines, end: b"".join(lines) + end, LINES, st.sampled_from([b"", b"end", b"\r"]))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(old=TEXTS, new=TEXTS, context=st.integers(0, 3))
def test_applying_the_hunks_gives_the_new_text(
    tmp_path_factory: pytest.TempPathFactory, old: bytes, new: bytes, context: int
) -> None:
    folder = tmp_path_factory.mktemp("r")
    made = TestRepository(folder)
    made.write("f", old)
    repository = open_repository(folder)
    base = snapshot_work_tree(repository)
    made.write("f", new)
    tip = snapshot_work_tree(repository)
    files = changed_files(repository, base, tip)
    assert bool(files) == (old != new)
    for file in files:
        assert applied(old, diff_hunks(repository, file, context=context)) == new
        assert read_blob(repository, file.new_blob or "") == new


@pytest.mark.scale
def test_two_thousand_changed_files_are_compared_at_once(tmp_path: Path) -> None:
    made = TestRepository(tmp_path / "r")
    for number in range(2000):
        made.write(
            f"d{number % 40}/{number}.rs", "".join(f"let a{number}_{line} = 1;\n" for line in range(60))
        )
    made.commit("First")
    for number in range(2000):
        made.write(
            f"d{number % 40}/{number}.rs", "".join(f"let b{number}_{line} = 1;\n" for line in range(30))
        )
    repository = open_repository(made.path)
    base, tip = tree_of(repository, "HEAD"), snapshot_work_tree(repository)
    files = changed_files(repository, base, tip)
    assert len(files) == 2000
    assert len(list_files(repository, tip)) == 2000
