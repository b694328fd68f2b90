"""`rust-ai-ide decide`: from a file to a ranking, and to a record in a repository."""

import json
from pathlib import Path

import pytest

from rust_ai_ide.cli.main import main
from tests.architecture.decisions_made import DATABASE


@pytest.fixture
def file(tmp_path: Path) -> Path:
    made = tmp_path / "database.json"
    made.write_text(json.dumps(DATABASE))
    return made


def printed(capsys: pytest.CaptureFixture[str], *arguments: object) -> str:
    assert main(["decide", *map(str, arguments)]) == 0
    return capsys.readouterr().out


def test_the_word_can_be_left_out(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said = printed(capsys, file)
    assert said == printed(capsys, "weigh", file)
    assert said.splitlines()[2].split()[:3] == ["1.", "PostgreSQL", "0.710"]
    assert "hours (30%): above 41% SQLite comes first." in said
    assert "writers: low → SQLite" in said


def test_json_has_the_ranking_the_ranges_and_the_tree(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    document = json.loads(printed(capsys, file, "--format", "json", "--method", "topsis"))
    assert [one["alternative"] for one in document["ranking"]] == ["PostgreSQL", "MySQL", "SQLite"]
    assert document["method"] == "topsis"
    assert document["sensitivity"] == []
    assert document["tree"]["criterion"] == "writers"
    (low, *_) = json.loads(printed(capsys, file, "--format", "json"))["sensitivity"]
    assert low == {
        "criterion": "data", "weight": 0.4, "from": 0.0, "to": 1.0, "first_below": None, "first_above": None
    }  # fmt: skip


def test_a_record_is_written_and_listed(
    file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    project = tmp_path / "project"
    project.mkdir()
    assert "There are no records in docs/decisions yet" in printed(capsys, "list", "--project", project)
    path = printed(
        capsys, "record", file, "--project", project, "--by", "Ada", "--status", "accepted"
    ).strip()
    assert (project / path).read_text().startswith("---\nstatus: accepted\n")
    printed(capsys, "record", file, "--project", project, "--chosen", "SQLite", "--supersedes", 1)
    rows = printed(capsys, "list", "--project", project).splitlines()
    assert "superseded by ADR-0002" in rows[1]
    listed = json.loads(printed(capsys, "list", "--project", project, "--json"))
    assert [one["number"] for one in listed] == [1, 2]


def test_toml_is_read_and_what_is_neither_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    good = tmp_path / "good.toml"
    good.write_text(
        'title = "A or B"\ncriteria = [{ name = "cost", worst = 9, best = 1 }]\n'
        'alternatives = [{ name = "A", ratings = { cost = 3 } }, { name = "B", ratings = { cost = 2 } }]\n'
    )
    assert printed(capsys, good).splitlines()[2].split()[:2] == ["1.", "B"]
    bad = tmp_path / "bad.toml"
    bad.write_text("title = ")
    for name, said in ((bad, "is not TOML"), (tmp_path / "none.json", "cannot be read: No such file")):
        assert main(["decide", str(name)]) == 2
        assert said in capsys.readouterr().err
