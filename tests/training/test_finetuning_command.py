"""`rust-ai-ide train finetune`, as it is typed."""

import json

import pytest

from rust_ai_ide.cli.main import main
from rust_ai_ide.runtime.library import known_models, register_path

pytest.importorskip("torch", reason="training needs the extra train: make install-train")
pytest.importorskip("peft", reason="adapters need the extra train: make install-train")

from tests.training.finetuning import dataset, tiny_base  # noqa: E402


@pytest.fixture
def line(tmp_path, monkeypatch, tokeniser_file):
    """The words of a command that takes a second."""
    monkeypatch.setenv("RUST_AI_IDE_HOME", str(tmp_path / "home"))
    register_path(str(tiny_base(tmp_path / "base", tokeniser_file)))
    data = dataset(tmp_path / "data")
    options = ["--base", "tiny@1", "--dataset", str(data), "--into", str(tmp_path / "into")]
    sizes = ["--steps", "4", "--batch", "2", "--length", "64", "--learning-rate", "0.01"]
    return ["train", "finetune", "--method", "lora", "--rank", "2", *options, *sizes]


def test_it_prints_the_table_and_registers_the_version(line, tmp_path, capsys):
    assert main(line) == 0
    said = capsys.readouterr()
    assert said.out.splitlines()[0].split() == ["Figure", "Before", "After"]
    assert "tiny@2 is registered. It is not worse than its base." in said.out
    assert said.out.splitlines()[-1] == str(tmp_path / "into" / "model")
    assert "Forecast: about" in said.err
    assert "tiny@2" in known_models()
    assert json.loads((tmp_path / "into/adapter/adapter_config.json").read_text())["r"] == 2
    assert main([*line, "--json"]) == 0
    again = json.loads(capsys.readouterr().out)
    assert (again["model"], again["registered"], again["folder"]) == ("tiny@2", True, "model")
    assert again["comparison"]["after"]["bits_per_byte"] < again["comparison"]["before"]["bits_per_byte"]


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (["--learning-rate", "10"], "rate is 10: Choose a learning rate"),
        (["--base", "nobody"], "There is no model 'nobody'"),
        (["--rank", "900"], "Choose a rank from 1 to 32"),
        (["--length", "4096"], "what tiny@1 can see"),
    ],
)
def test_what_cannot_be_is_told_in_a_sentence(line, capsys, wrong, told):
    assert main([*line, *wrong]) == 2
    error = capsys.readouterr().err
    assert told in error
    assert "Traceback" not in error
