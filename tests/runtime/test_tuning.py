"""What a machine can hold, and the fastest settings of a model on it: measured in children, kept, and used."""

from dataclasses import replace

import pytest

from rust_ai_ide.observability.events import Cancelled, Progressed
from rust_ai_ide.runtime import tuning
from rust_ai_ide.runtime.errors import InvalidConfig, OutOfMemory
from rust_ai_ide.runtime.generating import LoadOptions
from rust_ai_ide.runtime.hardware import fingerprint, this_machine
from rust_ai_ide.runtime.library import find_model
from rust_ai_ide.runtime.recommended import PUBLISHED, fits, recommendation
from rust_ai_ide.runtime.trials import tune
from rust_ai_ide.runtime.tuning import Timing, Trial, Tuning, apply_packing, keep_tuning, read_tuning, tuned

GIGABYTE = 10**9


@pytest.fixture
def small_machine():
    """This machine, with so little to try that trying takes a moment."""
    return replace(this_machine(), physical_cores=1, compute_types=("int8", "int8_float32"))


@pytest.fixture
def manifest(library):
    yield find_model("tiny")[1]
    (library / "tuning.json").unlink(missing_ok=True)


def trial(threads: int, total: float, compute_type: str = "int8_float32", *, packed: bool = False) -> Trial:
    return Trial(threads, compute_type, packed, (Timing(64, 1, 1, 1), Timing(512, 5, 1, total)), 10)


def test_the_machine_is_described():
    machine = this_machine()
    assert machine.physical_cores >= 1
    assert 1 <= machine.most_threads <= machine.logical_cores
    assert machine.memory > machine.memory_available > 0
    assert "int8" in machine.compute_types
    assert fingerprint() == fingerprint()


@pytest.mark.parametrize(
    ("name", "billions"),
    [
        ("CodeLlama 7B", 6.74),
        ("CodeLlama 34B", 33.7),
        ("StarCoder 15B", 15.5),
        ("Llama 2 70B", 69),
        ("Phi-2", 2.78),
    ],
)
def test_the_shapes_give_the_published_number_of_parameters(name, billions):
    (model,) = [one for one in PUBLISHED if one.name == name]
    assert model.parameters / 1e9 == pytest.approx(billions, rel=0.01)


def test_a_model_fits_with_shorter_prompts_or_not_at_all():
    model = next(one for one in PUBLISHED if one.name == "CodeLlama 7B")
    enough = model.need(2048).total / 0.8
    verdicts = [
        next(fit.verdict for fit in fits(int(memory)) if fit.model is model)
        for memory in (enough + 1000, enough - GIGABYTE, GIGABYTE)
    ]
    assert verdicts[0] == "fits"
    assert verdicts[1] == "fits with prompts of 1,024 tokens"
    assert verdicts[2].startswith("does not fit: ")
    assert "None of these fits" in recommendation(fits(GIGABYTE))
    assert "StarCoder 1B" in recommendation(fits(4 * GIGABYTE))


def test_tuning_measures_keeps_and_is_used(manifest, small_machine):
    events = []
    found = tune("tiny", small_machine, events.append)
    assert [(one.threads, one.compute_type, one.packed) for one in found.trials] == [
        (1, "int8_float32", False),
        (1, "int8_float32", True),
    ]
    for one in found.trials:
        assert [timing.prompt_tokens for timing in one.timings] == [64, 512]
        assert all(0 < timing.first_token <= timing.total for timing in one.timings)
        assert one.memory > 20_000_000
    assert isinstance(events[-1], Progressed)
    assert events[-1].done == events[-1].total == 2
    assert read_tuning(manifest, fingerprint()) == found
    assert tuned(LoadOptions(), manifest, fingerprint()) == LoadOptions(
        compute_type="int8_float32", threads=1
    )


def test_tuning_stops_when_asked_and_leaves_out_what_there_is_no_time_for(manifest, small_machine):
    def cancelled(event):
        raise Cancelled("Cancelled")

    with pytest.raises(Cancelled):
        tune("tiny", small_machine, cancelled)
    assert read_tuning(manifest, fingerprint()) is None
    assert tune("tiny", small_machine, lambda event: None, seconds=0).left_out == 1


def test_a_model_that_does_not_fit_or_is_damaged_is_not_tuned(manifest, small_machine, monkeypatch, library):
    monkeypatch.setattr("rust_ai_ide.runtime.trials.memory_available", lambda limit: 1000)
    with pytest.raises(OutOfMemory, match="tiny@1 as int8_float32"):
        tune("tiny", small_machine, lambda event: None)
    (library / "models" / "tiny@1" / "model.bin").rename(library / "aside")
    try:
        with pytest.raises(InvalidConfig, match="lacks its file"):
            tune("tiny", small_machine, lambda event: None)
    finally:
        (library / "aside").rename(library / "models" / "tiny@1" / "model.bin")


def test_the_fastest_counts_and_a_tie_goes_to_what_takes_less():
    found = Tuning("m", "", (trial(1, 100), trial(2, 98), trial(4, 80, packed=True), trial(1, 70, "float32")))
    assert found.best() == found.trials[3]
    assert found.best(compute_type="int8_float32") == found.trials[2]
    assert found.best(threads=2) == found.trials[1]
    assert replace(found, trials=found.trials[:2]).best() == found.trials[0]
    assert found.best(threads=3) is None


def test_what_is_given_is_kept_and_what_was_not_measured_is_one_thread(manifest):
    assert tuned(LoadOptions(), manifest, "here") == LoadOptions(threads=1)
    keep_tuning(manifest, "here", Tuning("tiny@1", "", (trial(1, 100), trial(2, 50))))
    assert tuned(LoadOptions(), manifest, "here").threads == 2
    assert tuned(LoadOptions(threads=1), manifest, "here").threads == 1
    assert tuned(LoadOptions(threads=3), manifest, "here") == LoadOptions(threads=3)
    assert tuned(LoadOptions(), manifest, "elsewhere") == LoadOptions(threads=1)
    explicit = LoadOptions(threads=4, compute_type="float32")
    assert tuned(explicit, manifest, "here") is explicit


@pytest.mark.parametrize(
    "text", ["", "[]", "nonsense", '{"KEY": {"trials": [{"threads": 1}]}}', '{"KEY": 3}']
)
def test_a_damaged_file_counts_as_nothing_measured(manifest, library, text):
    key = f"{manifest.files['model.bin'].sha256}:here"
    (library / "tuning.json").write_text(text.replace("KEY", key))
    assert read_tuning(manifest, "here") is None
    keep_tuning(manifest, "here", Tuning("tiny@1", "", (trial(1, 1),)))
    assert read_tuning(manifest, "here") is not None


def test_packing_follows_the_first_model_that_is_tuned_unless_it_is_set(manifest, monkeypatch):
    keep_tuning(manifest, "here", Tuning("tiny@1", "", (trial(1, 9), trial(1, 5, packed=True))))
    monkeypatch.delenv(tuning.PACKED, raising=False)
    apply_packing([find_model("long")[1]], "here")
    assert tuning.PACKED not in tuning.os.environ
    monkeypatch.setenv(tuning.PACKED, "0")
    apply_packing([manifest], "here")
    assert tuning.os.environ[tuning.PACKED] == "0"
    monkeypatch.delenv(tuning.PACKED)
    apply_packing([manifest], "here")
    assert tuning.os.environ[tuning.PACKED] == "1"
    monkeypatch.delenv(tuning.PACKED)


def test_a_loaded_model_uses_what_was_tuned(manifest, runtime):
    runtime.ask("/unload", {"model": "tiny"})
    keep_tuning(manifest, fingerprint(), Tuning("tiny@1", "", (trial(2, 9, "float32"),)))
    status, row = runtime.ask("/load", {"model": "tiny"})
    assert status == 200
    assert (row["options"]["threads"], row["compute_type"]) == (2, "float32")
    tuning._file().unlink()
    runtime.ask("/unload", {"model": "tiny"})
    assert runtime.ask("/load", {"model": "tiny"})[1]["options"]["threads"] == 1


def test_the_runtime_tells_of_its_machine_and_refuses_to_tune_what_is_not_there(runtime):
    status, report = runtime.ask("/hardware")
    assert status == 200
    assert report["machine"]["most_threads"] >= 1
    assert len(report["models"]) == len(PUBLISHED)
    assert runtime.ask("/tune", {"model": "nothing"})[0] == 404
    assert runtime.ask("/tune", {"model": 3})[0] == 400
