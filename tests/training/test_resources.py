"""A training leaves memory and disk to others: it warns, pauses with a reason, and goes on later."""

import os
from dataclasses import replace

import pytest

pytest.importorskip("torch", reason="training needs the extra train: make install-train")

from rust_ai_ide.observability.events import Paused, Progressed, Warned  # noqa: E402
from rust_ai_ide.training.finetuning.errors import FinetuningRefused  # noqa: E402
from rust_ai_ide.training.finetuning.job import finetune  # noqa: E402
from rust_ai_ide.training.resources import Limits, resources, watched  # noqa: E402
from tests.training.finetuning import curve, dataset, job, tiny_base  # noqa: E402

MOST = 2**60


@pytest.fixture
def place(tmp_path, tokeniser_file, monkeypatch):
    monkeypatch.setenv("RUST_AI_IDE_HOME", str(tmp_path / "home"))
    tiny_base(tmp_path / "base", tokeniser_file)
    dataset(tmp_path / "data")
    return tmp_path


def test_it_tells_what_is_free(tmp_path):
    now = resources(tmp_path)
    disk = os.statvfs(tmp_path)
    assert 0 < now.memory_used < now.memory_free + now.memory_used
    assert now.disk_free <= disk.f_bfree * disk.f_frsize
    assert now.gpu_free is None or now.gpu_free > 0


@pytest.mark.parametrize(
    ("limits", "name"), [(Limits(memory=MOST), "memory"), (Limits(memory=0, disk=MOST), "disk")]
)
def test_below_a_limit_it_pauses_and_says_of_what_there_is_too_little(tmp_path, limits, name):
    look = watched(lambda event: None, tmp_path, limits)
    with pytest.raises(Paused, match=rf"MB of {name} are free") as raised:
        look(Progressed("Training"))
    assert "let it go on" in str(raised.value)


def test_near_a_limit_it_warns_once_and_goes_on(tmp_path):
    told = []
    near = int(resources(tmp_path).disk_free * 0.8)
    look = watched(told.append, tmp_path, Limits(memory=0, disk=near), every=0.0)
    for step in range(3):
        look(Progressed("Training", step))
    assert [event.message[:5] for event in told if isinstance(event, Warned)] == ["Only "]
    assert [event.done for event in told if isinstance(event, Progressed)] == [0, 1, 2]


def test_a_training_that_runs_out_of_memory_pauses_where_it_is_and_goes_on(place):
    whole = job(place, steps=12, register="never", into="whole", save_every=600.0)
    finetune(whole)
    wanted = job(place, steps=12, register="never", save_every=600.0)
    steps = []

    def run_out(event):
        if isinstance(event, Progressed) and event.activity.startswith("Training"):
            steps.append(event.done)
            if event.done == 7:
                raise Paused("Paused: too little memory.")

    with pytest.raises(Paused):
        finetune(wanted, run_out)
    finetune(wanted, run_out)
    assert steps == [*range(1, 8), *range(8, 13)]
    assert curve(place / "into") == curve(place / "whole")


def test_a_training_does_not_begin_where_its_checkpoints_would_not_fit(place):
    free = resources(place).disk_free
    tight = replace(job(place, steps=12), limits=Limits(memory=0, disk=free - 4096))
    with pytest.raises(FinetuningRefused, match="make room"):
        finetune(tight)
    assert not (place / "into" / "run").exists()
