"""`rust-ai-ide models`, as a user runs it."""

import json

import pytest

from rust_ai_ide.cli.main import main
from rust_ai_ide.runtime import trials
from rust_ai_ide.runtime.tuning import Timing, Trial, Tuning
from tests.runtime.tiny import tiny_model


@pytest.fixture(autouse=True)
def _models(library):
    """Three tiny models."""


def test_models_are_listed_for_people_and_for_programs(capsys):
    assert main(["models", "list"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split() == ["Model", "Size", "Window", "Licence", "Loaded"]
    assert any(line.startswith("tiny@1") and "1,024" in line and "MIT" in line for line in lines)
    assert main(["models", "list", "--json"]) == 0
    rows = {row["id"]: row for row in json.loads(capsys.readouterr().out)}
    assert rows["tiny@1"]["window"] == 1024
    assert rows["tiny@1"]["bytes"] > 1000


def test_the_machine_is_shown_with_what_fits(capsys):
    assert main(["models", "hardware"]) == 0
    shown = capsys.readouterr().out
    assert "Memory" in shown
    assert "CodeLlama 34B" in shown
    assert main(["models", "hardware", "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert {"machine", "models", "recommendation", "tuning"} <= set(report)


def test_a_tuning_is_shown_with_the_kept_setting_first(capsys, monkeypatch):
    slow = Trial(1, "int8_float32", False, (Timing(512, 50, 2, 80),), 60_000_000)
    fast = Trial(2, "int8_float32", False, (Timing(512, 40, 1, 55),), 70_000_000)
    measured = Tuning("tiny@1", "2026-01-01T00:00:00+00:00", (slow, fast), left_out=3)
    monkeypatch.setattr(trials, "tune", lambda model, machine, report: measured)
    assert main(["models", "tune", "tiny"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[2].split()[0] == "2"
    assert "3 settings were not tried" in lines[-1]
    assert main(["models", "tune", "tiny", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["trials"][0]["is_best"] is True


def test_a_model_that_is_not_there_is_one_sentence(capsys):
    assert main(["models", "tune", "nothing"]) == 2
    assert "There is no model 'nothing'" in capsys.readouterr().err


def test_a_model_is_added_encrypted_decrypted_and_deleted(capsys, tmp_path, monkeypatch):
    tiny_model(tmp_path / "mine", name="mine")
    monkeypatch.chdir(tmp_path)
    assert main(["models", "register", "mine", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["id"] == "mine@1"
    assert main(["models", "register", "mine"]) == 2
    assert "already" in capsys.readouterr().err
    assert main(["models", "encrypt", "mine"]) == 0
    assert "without it the model is lost" in capsys.readouterr().out
    assert encrypted(capsys)["mine@1"] is True
    assert main(["models", "decrypt", "mine@1"]) == 0
    assert encrypted(capsys)["mine@1"] is False
    assert main(["models", "delete", "mine"]) == 0
    assert "mine@1" not in encrypted(capsys)


def encrypted(capsys) -> dict[str, bool]:
    capsys.readouterr()
    main(["models", "list", "--json"])
    return {row["id"]: row["encrypted"] for row in json.loads(capsys.readouterr().out)}


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["register", "/nonexistent"], "whole path of a folder"),
        (["delete", "starter"], "came with the product"),
        (["delete", "nothing"], "There is no model"),
        (["encrypt", "starter"], "came with the product"),
    ],
)
def test_what_cannot_be_changed_is_one_sentence(capsys, arguments, sentence):
    assert main(["models", *arguments]) == 2
    assert sentence in capsys.readouterr().err


def test_a_model_is_quantised_with_its_figures(capsys, library):
    tiny_model(library / "models" / "wide@1", name="wide", quantisation="float32")
    try:
        assert main(["models", "quantise", "wide", "--version", "8"]) == 0
        lines = capsys.readouterr().out.splitlines()
        assert lines[0] == "wide@8 was added."
        assert [line.split()[0] for line in lines[2:]] == ["Weights", "float32", "int8"]
        assert (
            main(["models", "quantise", "wide@1", "--version", "h", "--quantisation", "float16", "--json"])
            == 0
        )
        report = json.loads(capsys.readouterr().out)
        assert [one["quantisation"] for one in report["figures"]] == ["float32", "float16"]
        assert main(["models", "quantise", "wide@1", "--version", "4", "--quantisation", "int4"]) == 2
        assert "no 4-bit arithmetic" in capsys.readouterr().err
    finally:
        for version in ("1", "8", "h"):
            main(["models", "delete", f"wide@{version}"])


@pytest.mark.filterwarnings("ignore:`is_gradient_checkpointing`:FutureWarning")
def test_a_folder_is_converted_with_an_adapter_and_compared(capsys, tmp_path):
    pytest.importorskip("peft", reason="needs make install-train")
    from tests.runtime.tiny import train_tokeniser
    from tests.training.foreign import llama, lora

    train_tokeniser(tmp_path)
    network = llama(tmp_path / "base", tmp_path / "tokenizer.model")
    lora(tmp_path / "adapter", network, target_modules=["q_proj", "v_proj"])
    source, adapter = str(tmp_path / "base"), str(tmp_path / "adapter")
    named = ["--name", "theirs", "--licence", "MIT"]
    assert main(["models", "convert", source, *named, "--adapter", adapter, "--compare", "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    try:
        assert report["id"] == "theirs@1"
        assert report["base_model"] == "base"
        assert report["origin"].endswith("merged with the adapter adapter")
        before, after = report["figures"]
        assert (before["quantisation"], after["quantisation"]) == ("float32", "int8")
        assert main(["models", "convert", source, *named]) == 2
        assert "already" in capsys.readouterr().err
    finally:
        main(["models", "delete", "theirs"])
