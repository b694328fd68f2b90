"""`rust-ai-ide metrics`: what it prints, and what it says where there is nothing to measure."""

import csv
import io
import json
from pathlib import Path

import pytest

from rust_ai_ide.cli.main import main
from tests.source.repositories import TestRepository

CODE = "fn easy() {}\n\nfn hard(a: u8) -> u8 {\n    if a > 1 { if a > 2 { return 3; } }\n    a\n}\n"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    made = TestRepository(tmp_path / "project")
    made.commit("Begin", {"src/lib.rs": CODE, ".gitignore": "ignored.rs\n", "src/late.rs": "fn g() {}\n"})
    (made.path / "ignored.rs").write_text("fn no() {}\n")
    return made.path


def printed(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main(["metrics", *arguments]) == 0
    return capsys.readouterr().out


def test_a_table_has_the_hardest_function_first(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    head, first, *others = printed(capsys, str(project)).splitlines()
    assert head.split() == ["Cognitive", "Cyclomatic", "Lines", "Maintainability", "Function", "Place"]
    assert first.split()[:2] == ["3", "3"]
    assert first.split()[-2:] == ["hard", "src/lib.rs:3"]
    assert len(others) == 2
    assert len(printed(capsys, str(project), "--top", "1").splitlines()) == 2


def test_json_has_every_space_after_the_one_around_it(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    document = json.loads(printed(capsys, str(project), "--format", "json"))
    assert document["mode"] == "compatible"
    assert document["not_measured"] == []
    spaces = document["spaces"]
    assert [(space["path"], space["name"], space["parent"]) for space in spaces] == [
        ("src/late.rs", "src/late.rs", None),
        ("src/late.rs", "g", 0),
        ("src/lib.rs", "src/lib.rs", None),
        ("src/lib.rs", "easy", 2),
        ("src/lib.rs", "hard", 2),
    ]
    assert spaces[4]["metrics"]["exits"] == 2
    assert spaces[1]["metrics"]["halstead_n2"] == 1


def test_csv_has_the_same_numbers(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    spaces = json.loads(printed(capsys, str(project), "--format", "json"))["spaces"]
    rows = list(csv.DictReader(io.StringIO(printed(capsys, str(project), "--format", "csv"))))
    assert len(rows) == len(spaces)
    for row, space in zip(rows, spaces, strict=True):
        assert (row["path"], row["name"], row["kind"]) == (space["path"], space["name"], space["kind"])
        for name, value in space["metrics"].items():
            assert row[name] == ("" if value is None else str(value))


def test_a_single_file_and_a_mode(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "loop.rs").write_text("fn f() { loop { if a { } } }\n")
    numbers = [
        json.loads(printed(capsys, str(project / "loop.rs"), "--format", "json", *mode))["spaces"][1][
            "metrics"
        ]
        for mode in ((), ("--mode", "corrected"))
    ]
    assert [one["cognitive"] for one in numbers] == [1, 3]


def test_what_cannot_be_measured_is_told_and_the_rest_is_measured(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "src" / "binary.rs").write_bytes(b"\0\0")
    assert main(["metrics", str(project), "--format", "json"]) == 0
    output = capsys.readouterr()
    assert "src/binary.rs" in output.err
    document = json.loads(output.out)
    assert [one["path"] for one in document["not_measured"]] == ["src/binary.rs"]
    assert len(document["spaces"]) == 5


def test_links_lead_nowhere(project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "outside.rs").write_text("fn secret() {}\n")
    (project / "src" / "link.rs").symlink_to(tmp_path / "outside.rs")
    assert "secret" not in printed(capsys, str(project), "--format", "json")


def test_a_folder_without_rust_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["metrics", str(tmp_path)]) == 2
    assert "There is no Rust source in" in capsys.readouterr().err


def test_nothing_to_measure_is_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "notes.txt").write_text("no")
    for path in ("missing", "notes.txt"):
        assert main(["metrics", str(tmp_path / path)]) == 2
        assert "is neither a folder nor a file of Rust source" in capsys.readouterr().err
