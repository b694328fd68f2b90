"""A tiny base and a dataset of repetitive code to fine-tune it on. As a program: trains until it is killed."""

import json
import sys
import time
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from rust_ai_ide.observability.events import Event, Progressed
from rust_ai_ide.runtime.hardware import Machine
from rust_ai_ide.training.corpus import Crate
from rust_ai_ide.training.datasets.card import Card
from rust_ai_ide.training.datasets.reading import TRAINING, VALIDATION, Row
from rust_ai_ide.training.export import Description, write_model
from rust_ai_ide.training.finetuning.config import FinetuneConfig
from rust_ai_ide.training.finetuning.job import Job, finetune
from rust_ai_ide.training.network import build
from tests.training.rust import rust
from tests.training.tiny import tiny_config

MACHINE = Machine(
    processor="made up",
    physical_cores=2,
    logical_cores=2,
    usable_cores=2,
    features=("avx2",),
    memory=8_000_000_000,
    memory_available=8_000_000_000,
    gpus=(),
    compute_types=("float32", "int8"),
    gpu_compute_types=(),
    engine="CTranslate2",
)


def tiny_base(
    folder: Path, tokeniser_file: Path, vocabulary: int = 512, family: str = "llama", name: str = "tiny"
) -> Path:
    """Write a model folder of random weights and return it."""
    described = Description(name, "1", "MIT", "made for a test", "2026-01-01T00:00:00+00:00", "# Tiny\n")
    write_model(build(tiny_config(vocabulary, family)), tokeniser_file, described, folder)
    return folder


def dataset(folder: Path, files: int = 12, kept_back: str = "") -> Path:
    """Write a dataset of crates whose files are much alike and return its folder.

    `kept_back` is the text of the files to validate on, for something unlike the others.
    """
    folder.mkdir(parents=True)
    crates = tuple(Crate(f"alike-{number}", "1.0.0", "MIT") for number in range(files))
    rows = [Row(each.name, "src/lib.rs", "MIT", "made", rust(number)) for number, each in enumerate(crates)]
    if kept_back:
        rows[:3] = [replace(row, text=kept_back) for row in rows[:3]]
    for name, some in ((TRAINING, rows[3:]), (VALIDATION, rows[:3])):
        (folder / name).write_text("".join(row.to_line() for row in some))
    sizes = [sum(len(row.text.encode()) for row in some) for some in (rows[3:], rows[:3])]
    card = Card(
        name="alike",
        kind="prepared",
        created="2026-01-01T00:00:00+00:00",
        task_type="completion",
        split_by="crate",
        own_code=False,
        settings={},
        found=files,
        training=files - 3,
        validation=3,
        training_bytes=sizes[0],
        validation_bytes=sizes[1],
        dropped={},
        licences={"MIT": files},
        augmentations={},
        quality=(0,) * 10,
        crates=crates,
    )
    (folder / "dataset.json").write_text(json.dumps(asdict(card)))
    return folder


def quick(**settings: Any) -> FinetuneConfig:
    """Return settings for a training of seconds."""
    chosen = {"steps": 30, "rate": 1e-2, "batch": 4, "micro": 4, "length": 128, "warm_up": 2, "rank": 4}
    rest = {"alpha": 8.0, "check_every": 5, "patience": 0, "threads": 1, "save_every": 0.0}
    return FinetuneConfig(**{**chosen, **rest, **settings})


def job(place: Path, **settings: Any) -> Job:
    """Return the job of the base and the dataset in a folder, which works in `into` there."""
    into = settings.pop("into", "into")
    register = settings.pop("register", "better")
    return Job(place / "base", place / "data", place / into, quick(**settings), register, lines=20)


def curve(into: Path, figure: str = "loss") -> dict[int, float]:
    """Return a figure of the log by step; what was done again after a kill stands as it was done last."""
    lines = map(json.loads, (into / "run" / "log.jsonl").read_text().splitlines())
    return {line["step"]: line[figure] for line in lines if figure in line}


def _slowly(event: Event) -> None:
    """Leave the parent time to kill this process in the middle."""
    if isinstance(event, Progressed) and event.done:
        time.sleep(0.06)


if __name__ == "__main__":
    place, into, method, steps = sys.argv[1:]
    finetune(job(Path(place), into=into, method=method, steps=int(steps), register="never"), _slowly)
