"""A fine-tuning that is killed, cancelled, or finds the disk full goes on from its last checkpoint to the same end."""

import os
import resource
import shutil
import signal
import subprocess
import sys
import time

import pytest

torch = pytest.importorskip("torch", reason="training needs the extra train: make install-train")
pytest.importorskip("peft", reason="adapters need the extra train: make install-train")

from rust_ai_ide.observability.events import Cancelled, Progressed  # noqa: E402
from rust_ai_ide.training.checkpoints import CheckpointNotWritten, CheckpointUnusable  # noqa: E402
from rust_ai_ide.training.finetuning.job import finetune  # noqa: E402
from tests.training.finetuning import curve, dataset, job, tiny_base  # noqa: E402

STEPS = 15


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    """A library of its own for each test."""
    monkeypatch.setenv("RUST_AI_IDE_HOME", str(tmp_path / "home"))


@pytest.fixture(scope="module")
def place(tmp_path_factory, tokeniser_file):
    """A folder with a base and a dataset to fine-tune it on."""
    folder = tmp_path_factory.mktemp("resuming")
    tiny_base(folder / "base", tokeniser_file)
    dataset(folder / "data")
    return folder


def wanted(place, into, method="full"):
    return job(place, into=str(into), method=method, steps=STEPS, register="never")


@pytest.fixture(scope="module")
def whole(place):
    """The folders of trainings that nothing stopped, by method."""
    for method in ("full", "lora"):
        finetune(wanted(place, f"whole-{method}", method))
    return {method: place / f"whole-{method}" for method in ("full", "lora")}


def ended_alike(one, other):
    """Return whether two trainings had the same losses and made the same weights, to the bit."""
    weights = [(into / "model" / "model.bin").read_bytes() for into in (one, other)]
    figures = ("loss", "validation")
    return weights[0] == weights[1] and all(curve(one, each) == curve(other, each) for each in figures)


@pytest.mark.parametrize("method", ["full", "lora"])
def test_killed_it_goes_on_to_the_same_losses(place, whole, tmp_path, method):
    into = tmp_path / "killed"
    child = subprocess.Popen(
        [sys.executable, "-m", "tests.training.finetuning", str(place), str(into), method, str(STEPS)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    log = into / "run" / "log.jsonl"
    deadline = time.monotonic() + 90
    while not (log.exists() and log.read_text().count("\n") > 6):
        assert time.monotonic() < deadline, "the training does not begin"
        time.sleep(0.02)
    os.kill(child.pid, signal.SIGKILL)
    child.wait()
    finetune(wanted(place, into, method))
    assert ended_alike(into, whole[method])


def test_cancelled_it_leaves_its_last_checkpoint(place, whole, tmp_path):
    def stop(event):
        if isinstance(event, Progressed) and event.done == 11:
            raise Cancelled

    with pytest.raises(Cancelled):
        finetune(wanted(place, tmp_path / "into"), stop)
    assert not (tmp_path / "into" / "model").exists()
    first = (tmp_path / "into" / "run" / "log.jsonl").read_text()
    finetune(wanted(place, tmp_path / "into"))
    assert (tmp_path / "into" / "run" / "log.jsonl").read_text().startswith(first)
    assert ended_alike(tmp_path / "into", whole["full"])


def test_a_full_disk_leaves_the_checkpoint_before(place, whole, tmp_path):
    checkpoint = tmp_path / "into" / "run" / "checkpoint.pt"
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)

    def fill(event):
        if isinstance(event, Progressed) and event.done == 7:
            resource.setrlimit(resource.RLIMIT_FSIZE, (checkpoint.stat().st_size // 2, limits[1]))

    try:
        with pytest.raises(CheckpointNotWritten, match="the last checkpoint is kept"):
            finetune(wanted(place, tmp_path / "into"), fill)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert torch.load(checkpoint, weights_only=True)["step"] == 7
    assert [path.name for path in checkpoint.parent.glob("*.new")] == []
    finetune(wanted(place, tmp_path / "into"))
    assert ended_alike(tmp_path / "into", whole["full"])


@pytest.fixture
def stopped(whole, tmp_path):
    """A folder with the run of a training alone, as a kill before the export leaves it."""
    shutil.copytree(whole["full"] / "run", tmp_path / "into" / "run")
    return tmp_path / "into"


def test_a_checkpoint_that_was_damaged_is_refused(place, stopped):
    checkpoint = stopped / "run" / "checkpoint.pt"
    good = checkpoint.read_bytes()
    middle = len(good) // 2
    for bad in (good[:middle], good[:middle] + bytes([good[middle] ^ 255]) + good[middle + 1 :], b""):
        checkpoint.write_bytes(bad)
        with pytest.raises(CheckpointUnusable, match="cannot be read; remove it"):
            finetune(wanted(place, stopped))
    assert not (stopped / "model").exists()


def test_a_checkpoint_without_its_parts_is_refused(place, stopped):
    checkpoint = stopped / "run" / "checkpoint.pt"
    state = torch.load(checkpoint, weights_only=True)
    torch.save({"settings": state["settings"], "network": {}, "optimisers": []}, checkpoint)
    with pytest.raises(CheckpointUnusable, match="does not fit this network"):
        finetune(wanted(place, stopped))


def test_best_weights_that_were_damaged_are_refused(place, stopped):
    (stopped / "run" / "best.pt").write_bytes(b"half")
    with pytest.raises(CheckpointUnusable, match=r"best\.pt cannot be read"):
        finetune(wanted(place, stopped))


@pytest.mark.parametrize("change", [{"method": "lora"}, {"rate": 1e-3}, {"seed": 5}, {"infill": 0.1}])
def test_other_settings_are_not_mixed_with_a_checkpoint(place, stopped, change):
    with pytest.raises(CheckpointUnusable, match="other settings"):
        finetune(job(place, into=str(stopped), steps=STEPS, register="never", **change))


def test_how_many_windows_go_through_at_once_may_change(place, stopped):
    made = finetune(job(place, into=str(stopped), steps=STEPS + 2, register="never", micro=2))
    assert made.model
    assert len(curve(stopped)) == STEPS + 2
