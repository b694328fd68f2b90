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


COUPLED = {
    "Cargo.toml": '[package]\nname = "shop"\nedition = "2021"\n',
    "src/lib.rs": "mod a; mod b;",
    "src/a.rs": "use crate::b::B; pub struct A;",
    "src/b.rs": "use crate::a::A; pub trait B {}",
}


def test_modules_have_their_coupling(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made = TestRepository(tmp_path / "coupled")
    made.commit("Begin", COUPLED)
    path = str(made.path)
    document = json.loads(printed(capsys, path, "--of", "modules", "--format", "json"))
    a, b = (one for one in document["modules"] if one["id"] != "shop")
    assert a == {
        "id": "shop::a", "file": "src/a.rs", "line": 1, "afferent": 1, "efferent": 1, "types": 1, "traits": 0,
        "instability": 0.5, "abstractness": 0.0, "distance": 0.5, "in_cycle": True,
    }  # fmt: skip
    assert (b["abstractness"], b["distance"]) == (1.0, 0.5)
    assert document["unstable"] == []
    rows = list(csv.DictReader(io.StringIO(printed(capsys, path, "--of", "modules", "--format", "csv"))))
    assert [row["id"] for row in rows] == ["shop", "shop::a", "shop::b"]
    table = printed(capsys, path, "--of", "modules", "--top", "1", "--depth", "1", "--external").splitlines()
    assert table[0].split()[-1] == "Module"
    assert len(table) == 2


def test_a_folder_without_a_package_has_no_modules(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["metrics", str(tmp_path), "--of", "modules"]) == 2
    assert "There is no Cargo package" in capsys.readouterr().err


def test_debt_is_what_is_above_a_complexity_of_fifteen(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    # Five ifs inside each other count 1 + 2 + 3 + 4 + 5, and one after them 1: one more than is free.
    (tmp_path / "deep.rs").write_text(
        "fn deep(a: bool) { " + "if a { " * 5 + "f(); " + "} " * 5 + "if a { f(); } }\nfn plain() {}\n"
    )
    document = json.loads(printed(capsys, str(tmp_path), "--format", "json"))
    debts = [(space["kind"], space["metrics"]["debt_minutes"]) for space in document["spaces"]]
    assert debts == [("unit", 6), ("function", 6), ("function", 0)]
    assert document["spaces"][0]["metrics"]["debt_ratio"] == 6 / (30 * 2)
