"""Searches the settings of a fine-tuning; run again with the same folder and settings, it goes on."""

import json
import math
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from rust_ai_ide.observability.events import Event, Progressed, Report, Warned, ignore
from rust_ai_ide.training.datasets.reading import read_dataset
from rust_ai_ide.training.export import TOKENISER
from rust_ai_ide.training.extra import require
from rust_ai_ide.training.finetuning.base import read_base
from rust_ai_ide.training.finetuning.config import FinetuneConfig
from rust_ai_ide.training.finetuning.corpora import digest_of, with_text
from rust_ai_ide.training.finetuning.job import available_machine, check_settings
from rust_ai_ide.training.finetuning.locking import only_one
from rust_ai_ide.training.finetuning.presets import fitted
from rust_ai_ide.training.resources import Limits, watched
from rust_ai_ide.training.searching.chart import trials_chart
from rust_ai_ide.training.searching.errors import SearchFailed, SearchRefused
from rust_ai_ide.training.searching.journal import (
    REASON,
    SECONDS,
    ended,
    next_trial,
    open_study,
    suggested,
)
from rust_ai_ide.training.searching.panels import settings_chart
from rust_ai_ide.training.searching.reading import check_space
from rust_ai_ide.training.searching.result import SearchResult, records, settings_of
from rust_ai_ide.training.searching.samplers import SAMPLERS, make_pruner, make_sampler
from rust_ai_ide.training.searching.space import Choice, Range, applied, default_space, grid_size
from rust_ai_ide.training.searching.trial import Ground, Pruned, Watch, run_trial
from rust_ai_ide.training.tokeniser import CodeTokeniser

TRIALS = "trials"
CHARTS = ("trials.svg", "settings.svg")
_MOST_TRIALS = 10_000


@dataclass(frozen=True)
class Search:
    """Try `trials` settings of `space` for training the model in `base` on `dataset`; all is kept in `into`.

    What the space does not name is as in `config`; an empty space is the usual one. `sampler` is "bayesian", "grid" or
    "genetic". `trials` counts those that a search in this folder made before.
    """

    base: Path
    dataset: Path
    into: Path
    config: FinetuneConfig
    space: dict[str, Range | Choice] = field(default_factory=dict)
    sampler: str = "bayesian"
    trials: int = 20
    seed: int = 0
    limits: Limits = field(default_factory=Limits)


def search(wanted: Search, report: Report = ignore) -> SearchResult:
    """Do all of it. `report` may raise Cancelled, after which the search can go on.

    Raises SearchRefused, SearchFailed, FinetuningRefused, DatasetUnusable, TokeniserUnusable, CheckpointNotWritten,
    CheckpointUnusable or TrainingNotInstalled.
    """
    for library in ("torch", "transformers", "optuna", *(["peft"] if wanted.config.method == "lora" else [])):
        require(library)
    base = read_base(wanted.base)
    space = wanted.space or default_space(wanted.config, base.shape)
    _check(wanted)
    machine = available_machine(wanted.config.device)
    check_settings(wanted.config, base, machine)
    check_space(space, wanted.config, base, machine)
    corpus = with_text(read_dataset(wanted.dataset))
    files = (*corpus.training, *corpus.validation)
    CodeTokeniser(base.folder / TOKENISER).check_round_trip(file.text for file in files)
    ground = Ground(base, corpus, digest_of(corpus), wanted.config.infill)
    wanted.into.mkdir(parents=True, exist_ok=True)
    with only_one(wanted.into):
        report = watched(report, wanted.into, wanted.limits)
        return _searched(wanted, space, ground, report)


def _check(wanted: Search) -> None:
    if wanted.sampler not in SAMPLERS:
        raise SearchRefused(f"sampler is {wanted.sampler[:40]}: Choose one of {', '.join(SAMPLERS)}.")
    if not 1 <= wanted.trials <= _MOST_TRIALS:
        raise SearchRefused(f"trials is {wanted.trials}: Choose from 1 to {_MOST_TRIALS:,} trials.")
    if wanted.seed < 0:
        raise SearchRefused(f"seed is {wanted.seed}: Choose a whole number of at least 0 as the seed.")


def _searched(
    wanted: Search, space: dict[str, Range | Choice], ground: Ground, report: Report
) -> SearchResult:
    study = open_study(wanted.into, _identity(wanted, space, ground))
    study.pruner = make_pruner(wanted.config.check_every)
    trials = min(wanted.trials, grid_size(space)) if wanted.sampler == "grid" else wanted.trials
    while (done := len(records(study, space))) < trials:
        report(Progressed("Searching: trials", done, trials))
        study.sampler = make_sampler(wanted.sampler, space, wanted.seed, done)
        _tried(wanted, space, ground, study, _within(report, done, trials))
    for folder in (wanted.into / TRIALS).glob("*/"):
        _tidy(folder)
    if wanted.sampler == "grid" and wanted.trials < grid_size(space):
        report(Warned(f"The grid has {grid_size(space):,} points, of which {wanted.trials:,} were tried."))
    result = _result(wanted, space, study)
    result.write(wanted.into)
    for name, text in zip(CHARTS, (trials_chart(result), settings_chart(result)), strict=True):
        (wanted.into / name).write_text(text, encoding="utf-8")
    report(Progressed("Searching: trials", trials, trials))
    return result


def _tried(
    wanted: Search, space: dict[str, Range | Choice], ground: Ground, study: Any, report: Report
) -> None:
    trial = next_trial(study)
    config = applied(wanted.config, suggested(trial, space))
    config = fitted(config, ground.base.shape, available_machine(config.device).memory_available)
    folder = wanted.into / TRIALS / f"{trial.number:04}"
    end = run_trial(ground, config, folder, _watch(trial), report)
    ended(study, trial, end.state, end.value, {SECONDS: end.seconds, REASON: end.reason})
    _tidy(folder)
    if end.value is not None:
        report(Progressed(f"ended with a loss of {end.value:.4f} nats a token"))


def _watch(trial: Any) -> Watch:
    known = set(trial.study.get_trials(deepcopy=False)[trial.number].intermediate_values)

    def watch(step: int, loss: float) -> None:
        if step not in known and math.isfinite(loss):
            trial.report(loss, step)
        if trial.should_prune():
            raise Pruned

    return watch


def _within(report: Report, number: int, trials: int) -> Report:
    """Return a report that says of which trial an event is."""

    def tell(event: Event) -> None:
        if isinstance(event, Progressed):
            event = Progressed(
                f"Trial {number} ({number + 1} of {trials}): {event.activity}", event.done, event.total
            )
        report(event)

    return tell


def _tidy(folder: Path) -> None:
    """Remove the weights of a trial that ended; its log stays."""
    for file in folder.glob("*.pt"):
        file.unlink()


def _identity(wanted: Search, space: dict[str, Range | Choice], ground: Ground) -> str:
    """Return what must be the same for a search to go on; how many trials may change."""
    values = {
        "base": ground.base.digest,
        "dataset": ground.digest,
        "space": {name: asdict(part) for name, part in space.items()},
        "config": settings_of(wanted.config),
        "sampler": wanted.sampler,
        "seed": wanted.seed,
    }
    return json.dumps(values, sort_keys=True)


def _result(wanted: Search, space: dict[str, Range | Choice], study: Any) -> SearchResult:
    found = records(study, space)
    whole = [trial for trial in found if trial.state == "complete" and trial.value is not None]
    if not whole:
        raise SearchFailed(
            f"None of the {len(found):,} trials came to an end; search lower learning rates in another folder."
        )
    best = min(whole, key=lambda trial: trial.value or 0.0)
    return SearchResult(wanted.sampler, found, best, applied(wanted.config, best.settings))
