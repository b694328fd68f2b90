"""One trial: a real training by the loop of fine-tuning, without an export."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rust_ai_ide.observability.events import Report
from rust_ai_ide.training.corpus import Corpus
from rust_ai_ide.training.export import TOKENISER
from rust_ai_ide.training.finetuning.base import Base
from rust_ai_ide.training.finetuning.config import FinetuneConfig, loop_config
from rust_ai_ide.training.finetuning.networks import optimisers, trainable
from rust_ai_ide.training.finetuning.stopping import EarlyStopping
from rust_ai_ide.training.pretraining import Pretraining
from rust_ai_ide.training.samples import SampleConfig, Sampler
from rust_ai_ide.training.tokeniser import CodeTokeniser

Watch = Callable[[int, float], None]
"""Told the step and the loss of each check; may raise Pruned."""


class Pruned(Exception):
    """The trial is worse than others were at this step, so it is given up."""


class Watched(EarlyStopping):
    """Early stopping that shows each loss to the search."""

    watch: Watch

    def look(self, network: Any, step: int) -> dict[str, float]:
        """Take the loss every so many steps. Raises Pruned."""
        figures = super().look(network, step)
        if figures:
            self.watch(step, figures["validation"])
        return figures


@dataclass(frozen=True)
class Ground:
    """What every trial shares: the base, the dataset, a digest of it, and the share of samples that the loss is of."""

    base: Base
    corpus: Corpus
    digest: str
    infill: float


@dataclass(frozen=True)
class Ended:
    """How a trial ended: "complete", "pruned" or "failed" with a reason; its loss and its seconds."""

    state: str
    value: float | None
    seconds: float
    reason: str = ""


def run_trial(ground: Ground, config: FinetuneConfig, folder: Path, watch: Watch, report: Report) -> Ended:
    """Train in a folder, or go on there. Raises what the loop raises, but a loss that is no number ends the trial."""
    base = ground.base
    tokeniser = CodeTokeniser(base.folder / TOKENISER)
    is_suffix_first = float(base.order == "spm")
    loop = loop_config(config, base.shape, f"{base.digest} {ground.digest}")
    folder.mkdir(parents=True, exist_ok=True)
    # Trials compare only on the same windows, whatever share of infilling they themselves learn with.
    kept_back = Sampler(
        ground.corpus.validation, tokeniser, SampleConfig(ground.infill, is_suffix_first), loop.seed
    )
    monitor = Watched(folder, kept_back, loop, config.check_every, config.patience)
    monitor.watch = watch
    network = trainable(base, config)
    samples = SampleConfig(config.infill, is_suffix_first)
    training = Pretraining(
        folder,
        Sampler(ground.corpus.training, tokeniser, samples, loop.seed),
        loop,
        network,
        optimisers=optimisers(network, config),
        monitor=monitor,
    )
    try:
        training.run(report=report)
    except Pruned:
        return Ended("pruned", None, training.elapsed)
    except ArithmeticError as error:
        return Ended("failed", None, training.elapsed, f"The training diverged: {error}.")
    return Ended("complete", monitor.finish(network, training.step)[0], training.elapsed)
