"""A tiny model learns from a dataset, by all its weights or by an adapter, and becomes the next version."""

import json
import os
import shutil
from dataclasses import replace

import pytest

torch = pytest.importorskip("torch", reason="training needs the extra train: make install-train")
pytest.importorskip("peft", reason="adapters need the extra train: make install-train")

from rust_ai_ide.observability.events import Cancelled, Progressed, Warned  # noqa: E402
from rust_ai_ide.runtime.library import known_models  # noqa: E402
from rust_ai_ide.runtime.manifest import read_manifest, verify_files  # noqa: E402
from rust_ai_ide.training.conversion.errors import ConversionFailed  # noqa: E402
from rust_ai_ide.training.datasets.errors import DatasetUnusable  # noqa: E402
from rust_ai_ide.training.datasets.reading import TRAINING, VALIDATION, Row  # noqa: E402
from rust_ai_ide.training.finetuning.base import read_base  # noqa: E402
from rust_ai_ide.training.finetuning.errors import FinetuningRefused, NothingLearnt  # noqa: E402
from rust_ai_ide.training.finetuning.job import finetune  # noqa: E402
from rust_ai_ide.training.finetuning.locking import only_one  # noqa: E402
from rust_ai_ide.training.finetuning.networks import finished, trainable  # noqa: E402
from rust_ai_ide.training.twin import twin  # noqa: E402
from tests.training.finetuning import curve, dataset, job, quick, tiny_base  # noqa: E402

METHODS = pytest.mark.parametrize("method", ["full", "lora"])


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    """A library of its own for each test."""
    monkeypatch.setenv("RUST_AI_IDE_HOME", str(tmp_path / "home"))


@pytest.fixture(scope="module")
def shared(tmp_path_factory, tokeniser_file):
    """A base and a dataset that no test changes."""
    folder = tmp_path_factory.mktemp("finetuning")
    tiny_base(folder / "base", tokeniser_file)
    dataset(folder / "data")
    return folder


@pytest.fixture
def place(tmp_path, shared):
    """A folder with a base and a dataset to fine-tune it on."""
    for name in ("base", "data"):
        shutil.copytree(shared / name, tmp_path / name)
    return tmp_path


@METHODS
def test_the_result_predicts_the_dataset_better_and_is_the_next_version(place, method):
    made = finetune(job(place, method=method, steps=30))
    assert made.comparison.after.bits_per_byte < 0.99 * made.comparison.before.bits_per_byte
    folder = place / "into" / "model"
    manifest = read_manifest(folder)
    verify_files(folder, manifest)
    assert (manifest.id, manifest.base_model, manifest.licence) == ("tiny@2", "tiny@1", "MIT")
    assert manifest.quantisation == "int8"
    assert manifest.infill == read_manifest(place / "base").infill
    assert manifest.origin.endswith("on alike")
    assert made.registered
    assert known_models()["tiny@2"][1] == manifest
    assert (place / "into" / "adapter").exists() == (method == "lora")


def test_the_card_and_the_result_tell_before_and_after(place):
    made = finetune(job(place, steps=5))
    card = (place / "into" / "model" / "README.md").read_text()
    assert f"| Bits per byte | {made.comparison.before.bits_per_byte:.3f} |" in card
    assert "tiny@1" in card
    assert "MIT (9)" in card
    kept = json.loads((place / "into" / "result.json").read_text())
    assert kept["comparison"]["after"]["bits_per_byte"] == made.comparison.after.bits_per_byte
    assert len(json.loads((place / "into" / "licences.json").read_text())) == 12
    assert made.as_text()[0] == ("Figure", "Before", "After")


def test_done_again_it_answers_at_once_and_with_more_steps_it_goes_on(place):
    first = finetune(job(place, steps=5))
    log = (place / "into" / "run" / "log.jsonl").read_text()
    assert finetune(job(place, steps=5)) == first
    assert (place / "into" / "run" / "log.jsonl").read_text() == log
    second = finetune(job(place, steps=8))
    assert sorted(curve(place / "into")) == list(range(1, 9))
    assert (second.model, sorted(known_models())[-2:]) == ("tiny@3", ["tiny@2", "tiny@3"])


def test_an_adapter_trains_in_bfloat16_and_with_checkpointed_gradients(place):
    settings = {"method": "lora", "steps": 4, "register": "never"}
    plain = finetune(job(place, into="plain", **settings))
    sparing = {"precision": "bfloat16", "gradient_checkpointing": True, "micro": 1}
    other = finetune(job(place, into="other", **settings, **sparing))
    assert curve(place / "other")[1] == pytest.approx(curve(place / "plain")[1], rel=1e-2)
    bits = plain.comparison.after.bits_per_byte
    assert other.comparison.after.bits_per_byte == pytest.approx(bits, rel=3e-2)


def test_the_gradients_are_the_same_in_parts_and_recomputed(place):
    finetune(job(place, steps=4, into="plain", register="never"))
    finetune(job(place, steps=4, into="parts", register="never", micro=1, gradient_checkpointing=True))
    whole, parts = curve(place / "plain"), curve(place / "parts")
    assert [parts[step] for step in whole] == pytest.approx([whole[step] for step in whole], rel=1e-4)


def test_it_stops_early_and_keeps_the_best_weights(place):
    shutil.rmtree(place / "data")
    dataset(place / "data", kept_back="".join(f"{number * 7919 % 9973}\n" for number in range(400)))
    told = []
    made = finetune(job(place, steps=500, patience=2, rate=3e-3), told.append)
    losses = curve(place / "into", "validation")
    assert len(curve(place / "into")) < 500
    best = min(losses, key=losses.get)
    assert max(losses) == best + 2 * 5
    assert f"are those of step {best}" in " ".join((place / "into/model/README.md").read_text().split())
    assert any(isinstance(event, Warned) and "training ended" in event.message for event in told)
    norm = "model.norm.weight"
    best_state, last_state = (
        torch.load(place / "into" / "run" / name, weights_only=True) for name in ("best.pt", "checkpoint.pt")
    )
    assert torch.equal(twin(place / "into" / made.folder).state_dict()[norm], best_state["network"][norm])
    assert not torch.equal(last_state["network"][norm], best_state["network"][norm])

    def stop(event):
        if isinstance(event, Progressed) and event.done == best + 7:
            raise Cancelled

    cut = job(place, steps=500, patience=2, rate=3e-3, into="cut")
    with pytest.raises(Cancelled):
        finetune(cut, stop)
    finetune(cut)
    assert curve(place / "cut", "validation") == losses
    assert (place / "cut/model/model.bin").read_bytes() == (place / "into/model/model.bin").read_bytes()


@pytest.fixture(scope="module")
def poor(shared, tmp_path_factory, tokeniser_file):
    """The folder of a result that is worse than its base: trained on one thing, compared on another."""
    home, before = tmp_path_factory.mktemp("home"), os.environ["RUST_AI_IDE_HOME"]
    os.environ["RUST_AI_IDE_HOME"] = str(home)
    folder = tmp_path_factory.mktemp("poor")
    try:
        finetune(job(shared, steps=50, into=str(folder / "good"), register="never"))
    finally:
        os.environ["RUST_AI_IDE_HOME"] = before
    (folder / "good" / "model").rename(folder / "base")
    dataset(folder / "data", kept_back="".join(f"{number * 7919 % 9973}\n" for number in range(400)), files=5)
    return folder


def test_a_worse_result_is_kept_and_not_registered_unless_asked(poor, tmp_path):
    for name in ("base", "data"):
        shutil.copytree(poor / name, tmp_path / name)
    wanted = job(tmp_path, steps=20, rate=1e-2, check_every=20)
    made = finetune(wanted)
    assert made.comparison.after.bits_per_byte > made.comparison.before.bits_per_byte
    assert not made.registered
    assert made.reason.endswith("So it was not registered.")
    assert read_manifest(tmp_path / "into" / "model").id == made.model
    assert made.model not in known_models()
    told = []
    again = finetune(replace(wanted, register="anyway"), told.append)
    assert again.registered
    assert "all the same" in again.reason
    assert made.model in known_models()
    assert not [event for event in told if isinstance(event, Progressed)], "it trained again"


def test_a_version_that_was_taken_meanwhile_is_passed_over(place):
    wanted = job(place, steps=3, register="never")
    assert finetune(wanted).model == "tiny@2"
    finetune(job(place, steps=3, into="other", seed=1))
    assert finetune(replace(wanted, register="anyway")).model == "tiny@3"
    assert {"tiny@2", "tiny@3"} <= known_models().keys()


def test_a_network_that_answers_as_its_base_is_not_kept(place):
    base = read_base(place / "base")
    with pytest.raises(NothingLearnt, match="tiny@1"):
        finished(twin(base.folder), base, quick(), place)
    config = quick(method="lora")
    with pytest.raises(ConversionFailed, match="no effect"):
        finished(trainable(base, config), base, config, place)


def test_an_adapter_trains_few_weights_and_leaves_the_rest(place):
    base = read_base(place / "base")
    network = trainable(base, quick(method="lora"))
    moved = [name for name, weight in network.named_parameters() if weight.requires_grad]
    assert moved
    assert all("lora_" in name for name in moved)
    finetune(job(place, method="lora", steps=2, register="never"))
    state = torch.load(place / "into" / "run" / "checkpoint.pt", weights_only=True)
    assert len(state["network"]) == len(moved)


def test_what_cannot_be_trained_is_refused(place):
    with pytest.raises(FinetuningRefused, match="rate is 0: Choose a learning rate"):
        finetune(job(place, rate=0.0))
    with pytest.raises(DatasetUnusable, match="no prepared dataset"):
        finetune(replace(job(place), dataset=place / "base"))
    manifest = json.loads((place / "base" / "manifest.json").read_text())
    sealed = {"key_id": "k", "shapes": {}}
    (place / "base" / "manifest.json").write_text(json.dumps({**manifest, "encryption": sealed}))
    with pytest.raises(FinetuningRefused, match="encrypted"):
        finetune(job(place))
    assert not (place / "into").exists()


def test_a_base_without_a_sentencepiece_tokeniser_is_refused(place):
    (place / "base" / "tokenizer.model").rename(place / "base" / "tokenizer.json")
    with pytest.raises(FinetuningRefused, match="SentencePiece"):
        finetune(job(place))


def test_a_base_that_infills_otherwise_is_trained_to_go_on_alone(place):
    file = place / "base" / "manifest.json"
    file.write_text(json.dumps({**json.loads(file.read_text()), "infill": None}))
    with pytest.raises(FinetuningRefused, match="preset continuation"):
        finetune(job(place))
    made = finetune(job(place, steps=3, infill=0.0))
    assert made.comparison.after.infilled is None
    assert read_manifest(place / "into" / "model").infill is None


def test_two_trainings_do_not_work_in_one_folder(place):
    (place / "into").mkdir()
    with only_one(place / "into"), pytest.raises(FinetuningRefused, match="Another training works in"):
        finetune(job(place))
    assert sorted(path.name for path in (place / "into").iterdir()) == ["lock"]


def test_short_and_empty_texts_do_no_harm(place):
    for name in (TRAINING, VALIDATION):
        rows = [
            Row("made", f"{n}.rs", "MIT", "made", text) for n, text in enumerate(("", "x", "fn a() {}\n"))
        ]
        (place / "data" / name).write_text("".join(row.to_line() for row in rows))
    made = finetune(job(place, steps=2, register="anyway"))
    assert made.comparison.after.lines.count == 0
    (place / "data" / VALIDATION).write_text(Row("made", "0.rs", "MIT", "made", "").to_line())
    with pytest.raises(FinetuningRefused, match="empty files"):
        finetune(job(place))
