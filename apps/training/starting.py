"""What a user may do with trainings: check what was entered, start, register, delete."""

import importlib.util
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.urls import reverse

from apps.common.models import Run
from apps.common.services import start_run
from apps.models.services import activate, start_loading
from apps.training import selectors
from apps.training.jobs import KIND, SUBJECT, Wanted, folder_of, job_by_name, usual_speed
from rust_ai_ide.runtime.library import find_model
from rust_ai_ide.training.finetuning.base import Base, read_base
from rust_ai_ide.training.finetuning.config import FinetuneConfig
from rust_ai_ide.training.finetuning.errors import FinetuningRefused
from rust_ai_ide.training.finetuning.estimates import count_weights, estimate_memory
from rust_ai_ide.training.finetuning.job import available_machine, check_settings
from rust_ai_ide.training.finetuning.presets import configured
from rust_ai_ide.training.finetuning.registering import REGISTER

LIBRARIES = ("torch", "transformers", "peft")
_WHOLE = ("rank", "batch", "length", "check_every", "patience")
_UNITS = ("steps", "minutes")


@dataclass(frozen=True)
class Forecast:
    """What a training will need: bytes of memory, of them free, and seconds, 0.0 where no speed was measured yet."""

    config: FinetuneConfig
    memory: int
    memory_free: int
    seconds: float


def is_installed() -> bool:
    """Tell whether the libraries of training are there, without importing them."""
    return all(importlib.util.find_spec(name) for name in LIBRARIES)


def forecast(values: Mapping[str, str]) -> Forecast:
    """Return what a training with these settings will need. Raises FinetuningRefused that says what cannot be."""
    base, config = _checked(values)
    machine = available_machine()
    tokens = config.steps * config.batch * config.length
    speed = usual_speed()
    seconds = config.minutes * 60 or (tokens * count_weights(base.shape) / speed if speed else 0.0)
    return Forecast(config, estimate_memory(config, base.shape).total, machine.memory_available, seconds)


def start_finetune_job(values: Mapping[str, str]) -> Run:
    """Train a model further on a dataset, as a run. Raises FinetuningRefused that says what cannot be."""
    name = values.get("name", "").strip()
    if not selectors.NAME.fullmatch(name):
        raise FinetuningRefused("Name it by letters, digits, dots, dashes and underscores, 80 at most.")
    folder = folder_of(name)
    if folder.exists():
        raise FinetuningRefused(
            f"There is a training {name} already; choose another name, or delete that one first."
        )
    base, config = _checked(values)
    register = values.get("register") or REGISTER[0]
    if register not in REGISTER:
        raise FinetuningRefused(f"A version is registered where it is one of {', '.join(REGISTER)}.")
    wanted = Wanted(
        base=base.manifest.id,
        dataset=values["dataset"],
        task=values.get("task", ""),
        register=register,
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        config=config,
    )
    folder.mkdir(parents=True)
    wanted.write(folder)
    return _start(name, wanted, register)


def go_on(name: str) -> Run:
    """Let a training that was stopped go on from its last checkpoint."""
    job = job_by_name(name)
    if job.wanted is None:
        raise FinetuningRefused(f"The settings of {name} cannot be read; delete it and start afresh.")
    return _start(name, job.wanted, job.wanted.register)


def register(name: str) -> Run:
    """Add the version that a training made to the models although it is worse than its base."""
    job = job_by_name(name)
    if job.wanted is None or job.result is None:
        raise FinetuningRefused(f"{name} has made no version yet.")
    return _start(name, job.wanted, "anyway")


def use(name: str, user: Any) -> None:
    """Let completions come from the version that a training made. Raises FinetuningRefused where there is none."""
    version = job_by_name(name).version
    if version is None:
        raise FinetuningRefused(f"{name} has no version among the models.")
    activate(version, user)
    start_loading(version, user, {})


def delete(name: str) -> None:
    """Delete a training's folder; a version that was registered stays. Raises FinetuningRefused while it runs."""
    job = job_by_name(name)
    if job.is_unfinished:
        raise FinetuningRefused(f"{name} is running; cancel it first.")
    aside = job.folder.with_name(f".{name}.deleted")
    shutil.rmtree(aside, ignore_errors=True)
    job.folder.rename(aside)
    shutil.rmtree(aside, ignore_errors=True)


def _start(name: str, wanted: Wanted, register: str) -> Run:
    return start_run(
        kind=KIND,
        subject=f"{SUBJECT}{name}",
        title=f"Train {wanted.base} on {wanted.dataset}",
        page=reverse("training-job", args=[name]),
        arguments={"name": name, "register": register, "goes_on": True},
    )


def _checked(values: Mapping[str, str]) -> tuple[Base, FinetuneConfig]:
    dataset = values.get("dataset", "").strip()
    if not selectors.NAME.fullmatch(dataset) or not selectors.folder_of(dataset).is_dir():
        raise FinetuningRefused("Choose a dataset to learn from.")
    base = read_base(find_model(values.get("base", "").strip())[0])
    machine = available_machine()
    config = configured(values.get("task") or "completion", base.shape, machine, _given(values))
    check_settings(config, base, machine)
    return base, config


def _given(values: Mapping[str, str]) -> dict[str, Any]:
    """Return the settings that were entered, by their names in FinetuneConfig."""
    given: dict[str, Any] = {"method": values.get("method", "").strip() or None}
    unit = values.get("unit") or _UNITS[0]
    if unit not in _UNITS:
        raise FinetuningRefused("Say how long to train in steps or in minutes.")
    length = _number(values, "amount", whole=unit == "steps")
    if unit == "minutes" and length is None:
        raise FinetuningRefused("Say for how many minutes to train.")
    given[unit] = length
    given["rate"] = _number(values, "rate", whole=False)
    return given | {name: _number(values, name, whole=True) for name in _WHOLE}


def _number(values: Mapping[str, str], name: str, *, whole: bool) -> float | int | None:
    text = values.get(name, "").strip()
    try:
        return (int(text) if whole else float(text)) if text else None
    except ValueError:
        raise FinetuningRefused(
            f"{name} is {text[:40]}: enter a {'whole ' if whole else ''}number."
        ) from None
