"""`rust-ai-ide advise`: what it prints."""

import json
from pathlib import Path

import pytest

from rust_ai_ide.cli.main import main

MANIFEST = '[package]\nname = "shop"\nversion = "0.1.0"\nedition = "2021"\n[dependencies]\ndotenv = "1"\natty = "1"\n'


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "src").mkdir()
    (tmp_path / "Cargo.toml").write_text(MANIFEST)
    (tmp_path / "src" / "lib.rs").write_text("use dotenv::dotenv;\n")
    return tmp_path


def printed(capsys: pytest.CaptureFixture[str], *arguments: object) -> str:
    assert main(["advise", *map(str, arguments)]) == 0
    return capsys.readouterr().out


def test_each_form_tells_the_same(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = printed(capsys, project, "--goal", "improve_code_quality").splitlines()
    assert lines[0].startswith("1. Replace atty")
    assert "   - shop uses dotenv.  src/lib.rs:1" in lines
    document = json.loads(printed(capsys, project, "--format", "json"))["recommendations"]
    assert [one["kind"] for one in document] == ["technology", "technology"]
    assert document[1]["evidence"][-1] == {"sentence": "shop uses dotenv.", "file": "src/lib.rs", "line": 1}
    assert document[1]["effort"] == {"level": "low", "changes": "2 places, the manifests among them"}
    page = printed(capsys, project, "--format", "markdown", "--top", 1)
    assert page.count("\n## ") == 1
    assert "(`Cargo.toml:7`)" in page


def test_what_is_asked_is_taken_from_options_and_from_a_file(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    options = ["--technology", "kafka", "--pattern", "cqrs", "--layer", "api", "--constraint", "team_size: 3"]
    assert "Look again whether kafka is part of this" in printed(capsys, project, *options)
    asked = project / "asked.json"
    asked.write_text(json.dumps({"currentArchitecture": {"technologies": ["kafka"]}}))
    assert "Look again whether kafka is part of this" in printed(capsys, project, "--asked", asked)
    assert main(["advise", str(project), "--constraint", "budget: none"]) == 2
    assert "“budget: none” is not understood" in capsys.readouterr().err


def test_nothing_to_recommend_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "src").mkdir()
    (tmp_path / "Cargo.toml").write_text('[package]\nname = "shop"\n')
    (tmp_path / "src" / "lib.rs").write_text("")
    assert printed(capsys, tmp_path) == "There is nothing to recommend by what is looked at.\n"
