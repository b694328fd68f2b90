"""The whole way from a folder of crates to a measured model, in one call."""

import json
import subprocess
import sys
from dataclasses import replace

import pytest

pytest.importorskip("torch", reason="training needs the extra train: make install-train")

from rust_ai_ide.cli.main import main  # noqa: E402
from rust_ai_ide.runtime.manifest import read_manifest, verify_files  # noqa: E402
from rust_ai_ide.training.pretraining import PretrainingConfig  # noqa: E402
from rust_ai_ide.training.starter import StarterConfig, make_starter  # noqa: E402
from tests.training.rust import crates  # noqa: E402
from tests.training.tiny import tiny_config  # noqa: E402


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """What a training of a few steps was told, which says where it lies."""
    config = StarterConfig(
        into=tmp_path_factory.mktemp("starter"),
        corpus=crates(tmp_path_factory.mktemp("crates"), 30),
        vocabulary=512,
        pretraining=PretrainingConfig(network=tiny_config(512), steps=5, tokens=512, length=128, threads=1),
        lines=20,
    )
    assert make_starter(config) == config.into / "model"
    return config


def test_the_model_is_whole(made):
    into = made.into
    manifest = read_manifest(into / "model")
    verify_files(into / "model", manifest)
    assert (manifest.name, manifest.licence, manifest.path_header) == ("starter", "MIT", "// {path}\n")
    assert manifest.infill is not None


def test_the_card_tells_what_was_measured_and_from_what(made):
    into = made.into
    card = (into / "model" / "README.md").read_text()
    assert "| Validation, bits per byte |" in card
    assert "**MIT**: made-" in card
    assert "| Validation, tokens | 0." in card
    assert len(json.loads((into / "licences.json").read_text())) == 30


def test_running_again_goes_on_where_it_ended(made):
    steps = (made.into / "run" / "log.jsonl").read_text()
    make_starter(made)
    assert (made.into / "run" / "log.jsonl").read_text() == steps


def test_a_training_may_go_on_from_a_finished_model(made, tmp_path):
    into = tmp_path / "further"
    into.mkdir()
    config = replace(
        made, into=into, base=made.into / "model", pretraining=replace(made.pretraining, steps=2)
    )
    folder = make_starter(config)
    manifest = read_manifest(folder)
    assert (manifest.version, manifest.base_model) == ("2", "starter@1")
    assert (folder / "tokenizer.model").read_bytes() == (made.into / "model" / "tokenizer.model").read_bytes()
    first = json.loads((into / "run" / "log.jsonl").read_text().splitlines()[0])
    begun = json.loads((made.into / "run" / "log.jsonl").read_text().splitlines()[0])
    assert first["loss"] < begun["loss"], "it began anew"
    assert "starter@1" in (folder / "README.md").read_text()


def test_a_starter_may_be_of_another_family(made, tmp_path):
    pretraining = replace(made.pretraining, network=tiny_config(512, "gpt_bigcode"), steps=2)
    folder = make_starter(replace(made, into=tmp_path, pretraining=pretraining))
    assert read_manifest(folder).family == "gpt_bigcode"
    assert "A GPTBigCode: 2 layers of width 32" in (folder / "README.md").read_text()


def test_a_base_keeps_its_size_and_family(tmp_path, capsys):
    told = ["train", "starter", "--into", str(tmp_path), "--base", "starter"]
    with pytest.raises(SystemExit):
        main([*told, "--size", "large"])
    assert "not allowed with argument" in capsys.readouterr().err
    assert main([*told, "--family", "gpt_bigcode"]) == 2
    assert "leave out --family" in capsys.readouterr().err


def test_without_the_extra_the_command_says_how_to_install_it(tmp_path):
    program = (
        "import sys; sys.modules['torch'] = None; from rust_ai_ide.cli.main import main;"
        f"sys.exit(main(['train', 'starter', '--into', {str(tmp_path)!r}]))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "make install-train" in done.stderr
    assert "Traceback" not in done.stderr
