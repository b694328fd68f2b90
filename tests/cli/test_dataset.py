"""`rust-ai-ide dataset`."""

import json

import pytest

from rust_ai_ide.cli.main import main
from tests.training.rust import crate, crates, rust


def run(*arguments: object) -> int:
    return main(["dataset", *map(str, arguments)])


def shown(capsys, folder) -> dict:
    capsys.readouterr()
    assert run("show", folder, "--json") == 0
    return json.loads(capsys.readouterr().out)


def test_a_dataset_is_prepared_and_shown(tmp_path, capsys):
    crates(tmp_path / "code", 3)
    code = run("prepare", tmp_path / "code", "--into", tmp_path / "made", "--augment", "commentRemoval",
               "--min-file-size", 100, "--quality-threshold", 0.2, "--max-samples", 8)  # fmt: skip
    assert code == 0
    assert "to train on" in capsys.readouterr().out
    card = shown(capsys, tmp_path / "made")
    assert card["settings"]["filters"]["minFileSize"] == 100
    assert card["settings"]["augmentation"]["commentRemoval"] is True
    assert card["training"] - sum(card["augmentations"].values()) + card["validation"] == 8
    assert run("show", tmp_path / "made") == 0
    assert "MIT" in capsys.readouterr().out


def test_settings_are_read_as_the_interface_names_them(tmp_path, capsys, monkeypatch):
    crates(tmp_path / "code", 3)
    monkeypatch.chdir(tmp_path)
    filters = {"minFileSize": 100, "maxFileSize": 100000, "allowedExtensions": ["rs"], "qualityThreshold": 0.1,
               "includeTests": False, "maxSamples": None}  # fmt: skip
    settings = {"sourcePaths": ["./code/**/*.rs"], "outputPath": "./made", "taskType": "CodeCompletion"}
    (tmp_path / "settings.json").write_text(json.dumps(settings | {"filters": filters}))
    assert run("prepare", "--settings", "settings.json", "--quality-threshold", 0.3) == 0
    card = shown(capsys, tmp_path / "made")
    assert card["settings"]["filters"] == filters | {"qualityThreshold": 0.3}
    assert card["found"] == 12


def test_samples_are_curated(tmp_path, capsys):
    samples = [{"input": f"fn f_{number}() {{", "output": f"    {rust(number)}"} for number in range(4)]
    (tmp_path / "samples.json").write_text(json.dumps(samples))
    assert run("curate", tmp_path / "samples.json", "--into", tmp_path / "made", "--licence", "MIT") == 0
    card = shown(capsys, tmp_path / "made")
    assert (card["kind"], card["licences"]) == ("curated", {"MIT": 4})


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["prepare", "empty", "--into", "made"], "There is no .rs file in"),
        (["prepare", "one", "--into", "made"], "One of 1 .rs files is left"),
        (["prepare", "missing", "--into", "made"], "There is no folder or file missing"),
        (["prepare", "one"], "--into DIR"),
        (["prepare", "--into", "made"], "Give a SOURCE"),
        (["prepare", "one", "--into", "one"], "other than a dataset"),
        (["prepare", "one", "--into", "made", "--quality-threshold", "2"], "from 0 to 1"),
        (["prepare", "--settings", "missing.json"], "cannot be read"),
        (["prepare", "--settings", "broken.json"], "is not JSON"),
        (["prepare", "--settings", "list.json"], "an object of settings"),
        (["prepare", "--settings", "unknown.json"], "There is no setting sourcePath;"),
        (["prepare", "--settings", "wrong.json"], "includeTests must be true or false"),
        (["curate", "--into", "made"], "Give a FILE of samples"),
        (["show", "one"], "is no prepared dataset"),
    ],
)
def test_what_cannot_be_is_one_sentence(tmp_path, capsys, monkeypatch, arguments, sentence):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "empty").mkdir()
    crate(tmp_path, "one", {"src/lib.rs": rust(1)}).rename(tmp_path / "one")
    needed = {"sourcePaths": ["one"], "outputPath": "made"}
    files = {
        "broken": "{",
        "list": "[]",
        "unknown": json.dumps(needed | {"sourcePath": 1}),
        "wrong": json.dumps(needed | {"filters": {"includeTests": 1}}),
    }
    for name, text in files.items():
        (tmp_path / f"{name}.json").write_text(text)
    assert run(*arguments) == 2
    said = capsys.readouterr().err
    assert sentence in said
    assert "Traceback" not in said
    assert not (tmp_path / "made").exists()
