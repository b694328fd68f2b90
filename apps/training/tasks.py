"""What is done to datasets, and trainings, as runs."""

from typing import Any

from django.conf import settings

from apps.common.performing import performs
from apps.models.registry import sync_registry
from apps.training import selectors
from apps.training.jobs import KIND, folder_of, read_wanted
from rust_ai_ide.observability.events import Report
from rust_ai_ide.runtime.library import find_model
from rust_ai_ide.source.long_work import work_apart
from rust_ai_ide.training.datasets.from_json import read_preparation
from rust_ai_ide.training.finetuning.errors import FinetuningRefused
from rust_ai_ide.training.finetuning.job import Job, finetune
from rust_ai_ide.training.resources import MEGABYTE, Limits

CRASHED = (
    "The process of the training ended, perhaps because memory ran out. Its last checkpoint is kept: let it go on, "
    "with fewer windows a step if this comes again."
)


@performs("prepare-dataset")
def prepare(arguments: dict[str, Any], report: Report) -> None:
    """Prepare a dataset; the second time replaces what the first wrote."""
    # The libraries of training are only needed here.
    from rust_ai_ide.training.datasets.preparing import prepare_dataset

    prepare_dataset(read_preparation(arguments["settings"]), report)


@performs(KIND)
def finetune_model(arguments: dict[str, Any], report: Report) -> None:
    """Train a model further in a process of its own, from its last checkpoint on where there is one."""
    folder = folder_of(arguments["name"])
    wanted = read_wanted(folder)
    if wanted is None:
        raise FinetuningRefused("The settings of this training cannot be read; delete it and start afresh.")
    limits = Limits(settings.TRAINING_FREE_MEMORY_MB * MEGABYTE, settings.TRAINING_FREE_DISK_MB * MEGABYTE)
    job = Job(
        base=find_model(wanted.base)[0],
        dataset=selectors.folder_of(wanted.dataset),
        into=folder,
        config=wanted.config,
        register=arguments["register"],
        limits=limits,
    )
    work_apart(finetune, job, report=report, crashed=CRASHED)
    sync_registry()
