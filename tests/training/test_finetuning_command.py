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


def test_settings_of_a_file_go_before_the_preset_and_after_the_line(line, tmp_path, capsys):
    best = tmp_path / "best.json"
    best.write_text(json.dumps({"weight_decay": 0.5, "rank": 3, "warm_up": 2, "rate": 1e-4}))
    assert main([*line, "--settings", str(best), "--register", "never"]) == 0
    adapter = json.loads((tmp_path / "into/adapter/adapter_config.json").read_text())
    assert (adapter["r"], adapter["lora_alpha"]) == (2, 4.0)
    assert "a learning rate of 0.01" in " ".join((tmp_path / "into/model/README.md").read_text().split())
    capsys.readouterr()
    for text, told in (
        ('{"speed": 1}', "speed in"),
        ('{"batch": "two"}', "Give a whole number such as 2."),
        ('{"rate": true}', "Give a number such as 0.01."),
        ("[]", "holds no settings"),
        ("{", "is no JSON"),
        ('{"weight_decay": 7}', "weight_decay is 7: Choose a weight decay"),
    ):
        best.write_text(text)
        assert main([*line, "--settings", str(best)]) == 2
        assert told in capsys.readouterr().err
    assert main([*line, "--settings", str(tmp_path / "none.json")]) == 2
    assert "cannot be read: No such file" in capsys.readouterr().err


def test_a_search_prints_its_trials_and_the_command_that_uses_the_best(line, tmp_path, capsys):
    pytest.importorskip("optuna", reason="searching needs the extra train: make install-train")
    space = tmp_path / "space.toml"
    space.write_text("rank = [1, 2]\nrate = [0.01]\n")
    rest = line[line.index("--base") : line.index("--learning-rate")]
    words = ["train", "search", "--method", "lora", *rest, "--sampler", "grid", "--trials", "5"]
    words += ["--space", str(space), "--check-every", "2"]
    words[words.index("--into") + 1] = str(tmp_path / "found")
    assert main(words) == 0
    said = capsys.readouterr()
    assert said.out.splitlines()[0].split() == ["Trial", "State", "alpha", "rank", "rate", "Loss", "Seconds"]
    assert "The best is trial" in said.out
    assert "Trial 1 (2 of 2): Training" in said.err
    command = said.out.splitlines()[-1].split()
    assert command[:3] == ["rust-ai-ide", "train", "finetune"]
    assert main([*words, "--json"]) == 0
    again = json.loads(capsys.readouterr().out)
    assert again["command"].split() == command
    assert main([*command[1:], "--register", "never"]) == 0
    adapter = json.loads((tmp_path / "found/best/adapter/adapter_config.json").read_text())
    assert adapter["r"] == again["settings"]["rank"] == again["trials"][again["best"]]["settings"]["rank"]
