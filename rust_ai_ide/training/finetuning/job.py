"""Fine-tunes a model folder on a dataset, from settings to a registered version; run again, it goes on."""

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from rust_ai_ide.observability.events import Progressed, Report, ignore
from rust_ai_ide.runtime.hardware import Machine, this_machine
from rust_ai_ide.runtime.memory import memory_available
from rust_ai_ide.training.corpus import Corpus
from rust_ai_ide.training.datasets.card import read_card
from rust_ai_ide.training.datasets.reading import read_dataset
from rust_ai_ide.training.devices import free_on_card
from rust_ai_ide.training.export import TOKENISER
from rust_ai_ide.training.extra import require
from rust_ai_ide.training.finetuning.base import Base, read_base
from rust_ai_ide.training.finetuning.card import Trained, card
from rust_ai_ide.training.finetuning.comparing import LINES, Comparison, measure
from rust_ai_ide.training.finetuning.config import FinetuneConfig, LoopConfig, loop_config
from rust_ai_ide.training.finetuning.corpora import digest_of, with_text
from rust_ai_ide.training.finetuning.errors import FinetuningRefused
from rust_ai_ide.training.finetuning.estimates import (
    count_trained,
    count_weights,
    estimate_memory,
    probe_step_seconds,
)
from rust_ai_ide.training.finetuning.exporting import add_card, write_version
from rust_ai_ide.training.finetuning.locking import only_one
from rust_ai_ide.training.finetuning.networks import finished, optimisers, trainable
from rust_ai_ide.training.finetuning.registering import add_to_library
from rust_ai_ide.training.finetuning.result import Result, read_result
from rust_ai_ide.training.finetuning.stopping import EarlyStopping
from rust_ai_ide.training.finetuning.validation import validate_training_config
from rust_ai_ide.training.pretraining import Pretraining
from rust_ai_ide.training.privacy.config import Privacy
from rust_ai_ide.training.privacy.records import records_of
from rust_ai_ide.training.privacy.training import PrivateTraining, private_training
from rust_ai_ide.training.privacy.validation import check_privacy
from rust_ai_ide.training.resources import Limits, resources, watched
from rust_ai_ide.training.samples import SampleConfig, Sampler
from rust_ai_ide.training.tokeniser import CodeTokeniser

RUN = "run"
MODEL = "model"
_MEGABYTE = 1024 * 1024


@dataclass(frozen=True)
class Job:
    """Train the model in the folder `base` on the prepared dataset in `dataset`; all is kept in `into`.

    `register` is "better" to add the version to the library where it is not worse than its base, "anyway" or "never";
    `lines` is how many rests of lines are written to compare the two; `limits` say below what free memory and disk it
    pauses. With `privacy` it is DP-SGD that trains.
    """

    base: Path
    dataset: Path
    into: Path
    config: FinetuneConfig = field(default_factory=FinetuneConfig)
    register: str = "better"
    lines: int = LINES
    limits: Limits = field(default_factory=Limits)
    privacy: Privacy | None = None


def finetune(job: Job, report: Report = ignore) -> Result:
    """Do all of it. `report` may raise Cancelled, which leaves a checkpoint; so does Paused, which this raises.

    Raises FinetuningRefused, DatasetUnusable, TokeniserUnusable, CheckpointUnusable, CheckpointNotWritten,
    NothingLearnt, ConversionFailed, PrivacyRefused or TrainingNotInstalled.
    """
    extras = [*(["peft"] if job.config.method == "lora" else []), *(["opacus"] if job.privacy else [])]
    for library in ("torch", "transformers", *extras):
        require(library)
    base = read_base(job.base)
    check_settings(job.config, base, available_machine(job.config.device))
    corpus = with_text(read_dataset(job.dataset))
    if job.privacy:
        check_privacy(job.privacy, job.config, len(records_of(corpus.training)))
    job.into.mkdir(parents=True, exist_ok=True)
    with only_one(job.into):
        return _finetuned(job, base, corpus, watched(report, job.into, job.limits))


def _finetuned(job: Job, base: Base, corpus: Corpus, report: Report) -> Result:
    identity = f"{base.digest} {digest_of(corpus)}"
    if job.privacy:
        # How many steps there are decides the noise, so a checkpoint must agree with that, too.
        identity = f"{identity} {job.privacy} {job.config.steps}"
    config = loop_config(job.config, base.shape, identity)
    settings = f"{config.settings} {config.steps} {config.seconds}"
    result = read_result(job.into, settings) or _made(job, base, corpus, config, report)
    # Written first: a kill in between must not cost another comparison.
    result.write(job.into, settings)
    result = add_to_library(result, job.into / MODEL, job.register)
    result.write(job.into, settings)
    return result


def check_settings(config: FinetuneConfig, base: Base, machine: Machine) -> None:
    """Raise FinetuningRefused with every problem of the settings, where there is one."""
    problems = validate_training_config(config, base, machine)
    if problems:
        told = (f"{problem.field} is {problem.value}: {problem.remedy}" for problem in problems)
        raise FinetuningRefused(" ".join(told))


def _check_disk(job: Job, base: Base) -> None:
    """Raise FinetuningRefused where what a training writes would leave less of the disk than is to stay free."""
    trained, weights = count_trained(job.config, base.shape), count_weights(base.shape)
    # A checkpoint holds two moments besides, and the best weights are kept; the old of both stay until the new are
    # whole. The model is written in 32 bits before it is in 8.
    need = 4 * (2 * (3 + 1) * trained + 2 * weights)
    free = resources(job.into).disk_free
    if free - need < job.limits.disk:
        raise FinetuningRefused(
            f"The training writes about {need / _MEGABYTE:,.0f} MB to {job.into}, where {free / _MEGABYTE:,.0f} MB "
            f"are free and {job.limits.disk / _MEGABYTE:,.0f} MB are to stay so; make room, or work on another disk."
        )


def available_machine(device: str = "auto") -> Machine:
    """Return this machine with the memory that a training on a device may take: as in a container, or the card's."""
    machine = this_machine()
    on_card = free_on_card() if machine.gpus and device != "cpu" else None
    return replace(machine, memory_available=memory_available(0) if on_card is None else on_card)


def _made(job: Job, base: Base, corpus: Corpus, config: LoopConfig, report: Report) -> Result:
    """Train to the end, write the model folder and compare it with its base."""
    tokeniser = CodeTokeniser(base.folder / TOKENISER)
    report(Progressed("Checking the tokeniser on every file"))
    tokeniser.check_round_trip(file.text for file in (*corpus.training, *corpus.validation))
    corpus.write_licences(job.into)
    _check_disk(job, base)
    network = trainable(base, job.config)
    trained = _trained(job, base, corpus, config, network, report)
    network = finished(network, base, job.config, job.into)
    report(Progressed("Writing the model folder"))
    folder = job.into / MODEL
    write_version(network, base, read_card(job.dataset).name, folder)
    report(Progressed("Measuring the base"))
    before = measure(base, corpus.validation, job.lines)
    report(Progressed("Measuring the result"))
    comparison = Comparison(before, measure(read_base(folder), corpus.validation, job.lines))
    manifest = add_card(folder, card(base, corpus, job.config, trained, comparison))
    return Result(MODEL, manifest.id, comparison, registered=False, reason="", privacy=trained.spent)


def _trained(
    job: Job, base: Base, corpus: Corpus, config: LoopConfig, network: Any, report: Report
) -> Trained:
    """Train the network in place; it ends with its best weights."""
    tokeniser = CodeTokeniser(base.folder / TOKENISER)
    samples = SampleConfig(infill=job.config.infill, spm=float(base.order == "spm"))
    run = job.into / RUN
    kept_back = Sampler(corpus.validation, tokeniser, samples, config.seed)
    monitor = EarlyStopping(run, kept_back, config, job.config.check_every, job.config.patience)
    training: Pretraining
    if job.privacy:
        training = private_training(
            job.privacy, run, corpus, tokeniser, samples, job.config, config, network, monitor
        )
    else:
        training = Pretraining(
            run,
            Sampler(corpus.training, tokeniser, samples, config.seed),
            config,
            network,
            optimisers=optimisers(network, job.config),
            monitor=monitor,
        )
    report(Progressed(forecast(job.config, base, probe_step_seconds(network, job.config, len(base.pieces)))))
    training.run(report=report)
    loss, step = monitor.finish(network, training.step, report)
    spent = training.spent() if isinstance(training, PrivateTraining) else None
    return Trained(training.step, training.elapsed, step, loss, spent)


def forecast(config: FinetuneConfig, base: Base, seconds: float) -> str:
    """Return in words what a training will need, where a step takes so many seconds."""
    need = estimate_memory(config, base.shape).total / _MEGABYTE
    steps = config.steps or max(1, round(config.minutes * 60 / seconds))
    return (
        f"Forecast: about {need:,.0f} MB of memory, {seconds:.2g} s a step, {steps:,} steps in "
        f"{max(1, round(steps * seconds / 60)):,} min"
    )
