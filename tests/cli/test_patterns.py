"""`rust-ai-ide architecture patterns`."""

import json
from pathlib import Path

import pytest

from rust_ai_ide.cli.main import main
from tests.source.repositories import TestRepository

FILES = {
    "Cargo.toml": '[package]\nname = "shop"\nversion = "0.1.0"\nedition = "2021"\n',
    "src/lib.rs": (
        "pub enum State { Closed, Open(Instant), HalfOpen }\npub struct Breaker { state: State, failures: u32 }\n"
        "impl Breaker {\n    fn next(&mut self) {\n        match self.state { State::Closed => 1, _ => 2 }\n    }\n}\n"
    ),
}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    made = TestRepository(tmp_path / "project")
    made.commit("Begin", FILES)
    return made.path


def printed(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main(["architecture", "patterns", *arguments]) == 0
    output = capsys.readouterr()
    assert output.err == ""
    return output.out


def test_text_has_the_confidence_and_the_places(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = printed(capsys, str(project)).splitlines()
    assert lines[0].startswith("Circuit breaker (")
    assert lines[0].endswith(" %): shop::State")
    assert "    It has the states closed, open and half-open.  src/lib.rs:1" in lines


def test_json_has_patterns_and_cohesion(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = json.loads(printed(capsys, str(project), "--format", "json"))
    (pattern,) = found["patterns"]
    assert (pattern["pattern"], pattern["kind"], pattern["subject"]) == (
        "circuit-breaker",
        "pattern",
        "shop::State",
    )
    assert 0.6 <= pattern["confidence"] <= 1
    assert pattern["evidence"][0] == {
        "sentence": "It has the states closed, open and half-open.",
        "file": "src/lib.rs",
        "line": 1,
    }
    assert found["cohesion"] == {"types": [], "modules": []}


def test_only_what_is_sure_enough_is_printed(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert (
        printed(capsys, str(project), "--least", "1")
        == "No pattern was found with a confidence of 1.0 or more.\n"
    )


@pytest.mark.parametrize("least", ["2", "-1", "nan", "much"])
def test_the_least_confidence_is_a_number_from_0_to_1(
    project: Path, least: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["architecture", "patterns", str(project), "--least", least])
    assert ended.value.code == 2
    assert "--least" in capsys.readouterr().err
