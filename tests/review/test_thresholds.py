"""Clippy's thresholds: from its own file and from ours, for the rules that go by them, and refused where senseless."""

import pytest

from rust_ai_ide.cli.main import main
from rust_ai_ide.review.config import config_from_toml
from rust_ai_ide.review.profiles import Profile
from rust_ai_ide.review.reviewing import review_source
from rust_ai_ide.review.thresholds import DEFAULTS, Thresholds, ThresholdsInvalid, thresholds_of_clippy

MANY = "fn f(a: u8, b: u8, c: u8, d: bool, e: bool, g: bool) -> u8 { a }\n"


def rules(source: str, text: str = "", clippy: str = "") -> set[str]:
    config = config_from_toml(text, Profile.THOROUGH, clippy)
    return {finding.rule for finding in review_source("src/lib.rs", source.encode(), config).findings}


def test_clippys_file_is_read_and_what_is_unknown_there_is_passed_over():
    text = 'msrv = "1.70"\ntoo-many-arguments-threshold = 5\nmax_fn_params_bools = 2\n'
    assert thresholds_of_clippy(text) == Thresholds(too_many_arguments_threshold=5, max_fn_params_bools=2)
    assert thresholds_of_clippy("") == DEFAULTS


@pytest.mark.parametrize(
    ("key", "value", "source", "rule"),
    [
        ("too-many-arguments-threshold", 5, MANY, "too_many_arguments"),
        ("max-fn-params-bools", 2, MANY, "fn_params_excessive_bools"),
        ("too-many-lines-threshold", 2, "fn f() {\n" + "    g();\n" * 4 + "}\n", "too_many_lines"),
        ("max-struct-bools", 1, "struct S {\n    a: bool,\n    b: bool,\n}\n", "struct_excessive_bools"),
        (
            "cognitive-complexity-threshold",
            1,
            "fn f(a: u8) {\n" + "    if a > 1 { g() }\n" * 3 + "}\n",
            "cognitive_complexity",
        ),
        ("enum-variant-name-threshold", 2, "enum E {\n    OneE,\n    TwoE,\n}\n", "enum_variant_names"),
    ],
)
def test_each_threshold_moves_its_rule(key, value, source, rule):
    assert rule not in rules(source)
    assert rule in rules(source, clippy=f"{key} = {value}\n")
    assert rule in rules(source, f"[review]\nthresholds = {{ {key} = {value} }}\n")
    high = f"[review]\nthresholds = {{ {key} = 1000 }}\n"
    assert rule not in rules(source, high, clippy=f"{key} = {value}\n")


@pytest.mark.parametrize(
    ("text", "clippy", "said"),
    [
        ("", "too-many-lines-threshold = true\n", "clippy.toml: too-many-lines-threshold is True"),
        ("", "too-many-lines-threshold = -1\n", "must be a whole number"),
        ("", "[", "clippy.toml is not valid TOML"),
        ("[review]\nthresholds = { too_many = 3 }\n", "", "there is no threshold too-many"),
    ],
)
def test_what_makes_no_sense_is_said(text, clippy, said):
    with pytest.raises(ThresholdsInvalid) as raised:
        config_from_toml(text, clippy=clippy)
    assert said in str(raised.value)


def test_the_command_reads_clippys_file_of_the_project(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("RUST_AI_IDE_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.rs").write_text(MANY)
    assert main(["review"]) == 0
    (tmp_path / ".clippy.toml").write_text("too-many-arguments-threshold = 3\n")
    assert main(["review"]) == 1
    assert "too_many_arguments" in capsys.readouterr().out
    (tmp_path / "clippy.toml").write_text("too-many-arguments-threshold = 30\n")
    assert main(["review"]) == 0
