"""Reading the trainings of the data directory. Each is a folder with its settings, its state and its result."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import Http404

from apps.common.models import Run
from apps.models.models import ModelVersion
from apps.training.selectors import NAME, listed_datasets
from rust_ai_ide.errors import RustAiIdeError
from rust_ai_ide.runtime.library import known_models
from rust_ai_ide.training.curves import Point, best, read_curve
from rust_ai_ide.training.finetuning.base import read_base
from rust_ai_ide.training.finetuning.config import FinetuneConfig
from rust_ai_ide.training.finetuning.job import RUN
from rust_ai_ide.training.finetuning.result import Result, read_result

SUBJECT = "training:"
SETTINGS = "job.json"
KIND = "finetune-model"


@dataclass(frozen=True)
class Wanted:
    """What the user asked for: the id of a model, the name of a dataset, when to register, and all settings."""

    base: str
    dataset: str
    task: str
    register: str
    created: str
    config: FinetuneConfig

    def write(self, folder: Path) -> None:
        """Write it into the folder of a training."""
        (folder / SETTINGS).write_text(json.dumps(asdict(self), indent=1) + "\n", encoding="utf-8")


@dataclass(frozen=True)
class Job:
    """A training with what is known of it; `wanted` is None where its settings cannot be read."""

    name: str
    folder: Path
    wanted: Wanted | None
    run: Run | None
    curve: list[Point]
    result: Result | None
    version: ModelVersion | None

    @property
    def is_unfinished(self) -> bool:
        """Tell whether a worker has it, or will."""
        return self.run is not None and not self.run.is_finished

    @property
    def step(self) -> int:
        """Return the last step."""
        return self.curve[-1].step if self.curve else 0

    @property
    def best(self) -> Point | None:
        """Return the point with the least loss on what was kept back."""
        return best(self.curve)


def trainings_folder() -> Path:
    """Return where trainings lie."""
    return Path(settings.HOME) / "trainings"


def folder_of(name: str) -> Path:
    """Return the folder of a training, whether it is there or not; answer 404 for what can be no name."""
    if not NAME.fullmatch(name):
        raise Http404
    return trainings_folder() / name


def job_by_name(name: str) -> Job:
    """Return a training, or answer 404."""
    folder = folder_of(name)
    if not (folder / SETTINGS).is_file():
        raise Http404
    return _job(folder)


def listed_jobs() -> list[Job]:
    """Return the trainings, the newest first."""
    folders = [file.parent for file in trainings_folder().glob(f"[!.]*/{SETTINGS}")]
    return sorted(map(_job, folders), key=lambda job: job.wanted.created if job.wanted else "", reverse=True)


def read_wanted(folder: Path) -> Wanted | None:
    """Return what was asked of a training, None where that cannot be read."""
    try:
        values: dict[str, Any] = json.loads((folder / SETTINGS).read_text(encoding="utf-8"))
        return Wanted(**{**values, "config": FinetuneConfig(**values["config"])})
    except (OSError, ValueError, KeyError, TypeError):
        return None


def trainable_models() -> list[str]:
    """Return the ids of the models that can be trained further, the newest versions first."""
    return [name for name, (folder, _) in reversed(known_models().items()) if _is_trainable(folder)]


def dataset_names() -> list[str]:
    """Return the names of the datasets that can be learned from."""
    return [dataset.name for dataset in listed_datasets() if dataset.card]


def usual_speed() -> float:
    """Return how many tokens a second times weights the newest training with a log came to, 0.0 without one."""
    from rust_ai_ide.training.finetuning.estimates import count_weights

    for job in listed_jobs():
        known = known_models().get(job.wanted.base) if job.wanted else None
        if known and job.curve:
            latest = job.curve[-20:]
            tokens = sum(point.tokens_per_second for point in latest) / len(latest)
            return tokens * count_weights(read_base(known[0]).shape)
    return 0.0


def _job(folder: Path) -> Job:
    result = read_result(folder)
    version = None
    if result and result.registered:
        name, _, number = result.model.rpartition("@")
        version = ModelVersion.objects.filter(name=name, version=number).first()
    return Job(
        name=folder.name,
        folder=folder,
        wanted=read_wanted(folder),
        run=Run.objects.filter(subject=f"{SUBJECT}{folder.name}").first(),
        curve=read_curve(folder / RUN),
        result=result,
        version=version,
    )


def _is_trainable(folder: Path) -> bool:
    try:
        read_base(folder)
    except RustAiIdeError:
        return False
    return True
