"""What a fine-tuning changed is kept clipped, noisy and encrypted, opens on this machine, and makes a model again."""

import json
import math
import shutil
from dataclasses import replace

import pytest

torch = pytest.importorskip("torch", reason="training needs the extra train: make install-train")
pytest.importorskip("peft", reason="adapters need the extra train: make install-train")

from rust_ai_ide.cli.main import main  # noqa: E402
from rust_ai_ide.runtime.library import register_path  # noqa: E402
from rust_ai_ide.runtime.manifest import read_manifest, verify_files  # noqa: E402
from rust_ai_ide.runtime.weight_key import KeyUnusable, key_file  # noqa: E402
from rust_ai_ide.training.finetuning.job import finetune  # noqa: E402
from rust_ai_ide.training.privacy.errors import PrivacyRefused, UpdateUnusable  # noqa: E402
from rust_ai_ide.training.privacy.updates import NOTE, added, apply_update, read_update, save_update  # noqa: E402
from rust_ai_ide.training.twin import twin  # noqa: E402
from tests.training.finetuning import dataset, job, tiny_base  # noqa: E402


@pytest.fixture(scope="module")
def shared(tmp_path_factory, tokeniser_file):
    """A base, and the folder of a fine-tuning of it."""
    folder = tmp_path_factory.mktemp("updates")
    tiny_base(folder / "base", tokeniser_file)
    dataset(folder / "data")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RUST_AI_IDE_HOME", str(folder / "home"))
        finetune(job(folder, method="lora", steps=5, register="never"))
    return folder


@pytest.fixture
def place(shared, tmp_path, monkeypatch):
    """A copy of these, a library that knows the base, and a place for the key outside of it."""
    monkeypatch.setenv("RUST_AI_IDE_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("RUST_AI_IDE_MODEL_KEY", str(tmp_path / "keys" / "model.key"))
    for name in ("base", "into"):
        shutil.copytree(shared / name, tmp_path / name)
    register_path(str(tmp_path / "base"))
    return tmp_path


def difference(place, other):
    """Return by weight how another model folder differs from the base."""
    before = dict(twin(place / "base").named_parameters())
    after = dict(twin(other).named_parameters())
    return {name: (after[name] - before[name]).detach() for name in before}


def length(changes):
    """Return the length of changes, end to end."""
    return math.sqrt(sum(float(change.square().sum()) for change in changes.values()))


def test_with_little_noise_it_is_what_was_learned(place):
    wanted = difference(place, place / "into" / "model")
    update = save_update(place / "into", clip=1e9, noise=1e-15)
    told, changes = read_update(place / "into")
    assert told == update
    assert update.norm == pytest.approx(length(wanted), rel=1e-4)
    for name, change in wanted.items():
        assert (name in changes) == bool(change.any())
        if name in changes:
            torch.testing.assert_close(changes[name], change, atol=1e-5, rtol=1e-3)
    assert update.weights == sum(change.numel() for change in changes.values())


def test_it_is_clipped_and_the_noise_has_the_length_that_was_said(place):
    wanted = difference(place, place / "into" / "model")
    clip = 0.5 * length(wanted)
    save_update(place / "into", clip, 0.25)
    changes = read_update(place / "into")[1]
    noise = {name: change - 0.5 * wanted[name] for name, change in changes.items()}
    assert length(noise) == pytest.approx(0.25 * clip, rel=0.05)
    save_update(place / "into", clip, 0.25)
    again = read_update(place / "into")[1]
    assert not any(torch.equal(change, again[name]) for name, change in changes.items())


def test_added_to_the_base_it_makes_a_model_that_differs_by_the_update(place):
    save_update(place / "into", 10.0, 0.1)
    changes = read_update(place / "into")[1]
    before = dict(twin(place / "base").named_parameters())
    for name, weight in added(twin(place / "base"), changes).named_parameters():
        assert torch.equal(weight, before[name] + changes[name] if name in changes else before[name])
    manifest = apply_update(place / "into", place / "made")
    verify_files(place / "made", read_manifest(place / "made"))
    assert (manifest.id, manifest.base_model) == ("tiny@2", "tiny@1")
    assert NOTE in (place / "made" / "README.md").read_text()
    made = difference(place, place / "made")
    for name, change in changes.items():
        assert bool(made[name].any())
        # The model is written in 8 bits: off by up to half of a 127th of the greatest weight.
        bound = float((before[name].detach() + change).abs().max()) / 127
        assert float((made[name] - change).abs().max()) <= bound
    with pytest.raises(UpdateUnusable, match="exists already"):
        apply_update(place / "into", place / "made")


def test_what_lies_on_the_disk_is_encrypted_and_labelled(place):
    save_update(place / "into", 10.0, 0.1)
    sealed = place / "into" / "update.sealed"
    content = sealed.read_bytes()
    assert content.startswith(b"RAIDE-S1")
    assert b"q_proj" not in content
    assert sealed.stat().st_mode & 0o077 == 0
    label = json.loads((place / "into" / "update.json").read_text())
    assert label["note"] == NOTE
    assert "not differential privacy and gives no epsilon" in NOTE
    sealed.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    with pytest.raises(UpdateUnusable, match="does not open"):
        read_update(place / "into")
    sealed.write_bytes(content)
    key_file().unlink()
    with pytest.raises(KeyUnusable, match="is missing"):
        read_update(place / "into")


def test_what_cannot_be_is_refused(place):
    with pytest.raises(UpdateUnusable, match="holds no update"):
        read_update(place / "into")
    with pytest.raises(UpdateUnusable, match="holds no finished fine-tuning"):
        save_update(place / "base", 1.0, 0.1)
    for clip, noise, told in (
        (0.0, 0.1, "clip is 0"),
        (1.0, 0.0, "noise is 0"),
        (math.nan, 0.1, "clip is nan"),
    ):
        with pytest.raises(PrivacyRefused, match=told):
            save_update(place / "into", clip, noise)
    save_update(place / "into", 1.0, 0.1)
    manifest = read_manifest(place / "base")
    other = replace(manifest.files["model.bin"], sha256="0" * 64)
    folder = place / "home" / "models" / "tiny@1"
    replace(manifest, files={**manifest.files, "model.bin": other}).write(folder)
    with pytest.raises(UpdateUnusable, match="other weights than the update was made for"):
        apply_update(place / "into", place / "made")


def test_the_command_writes_shows_and_applies(place, capsys):
    folder = str(place / "into")
    assert main(["train", "update", folder]) == 2
    assert "holds no update; write one with --clip and --noise." in capsys.readouterr().err
    assert main(["train", "update", folder, "--clip", "2"]) == 2
    assert "Give --clip and --noise together" in capsys.readouterr().err
    assert main(["train", "update", folder, "--clip", "2", "--noise", "0.1"]) == 0
    assert "clipped to 2, with noise of 0.1 times that" in capsys.readouterr().out
    assert main(["train", "update", folder, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["note"] == NOTE
    assert main(["train", "update", folder, "--apply", str(place / "made")]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == str(place / "made")
    assert read_manifest(place / "made").base_model == "tiny@1"
