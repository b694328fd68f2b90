"""The loop of a private training: a step takes some records, clips the gradient of each, and adds noise."""

import math
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from rust_ai_ide.observability.events import Report, ignore
from rust_ai_ide.training.corpus import Corpus
from rust_ai_ide.training.devices import device_of
from rust_ai_ide.training.extra import require
from rust_ai_ide.training.finetuning.config import FinetuneConfig, LoopConfig
from rust_ai_ide.training.finetuning.networks import optimisers
from rust_ai_ide.training.monitor import Monitor
from rust_ai_ide.training.pretraining import Check, Pretraining, PretrainingConfig
from rust_ai_ide.training.privacy.accounting import mechanism_for
from rust_ai_ide.training.privacy.config import Mechanism, Privacy, Spent
from rust_ai_ide.training.privacy.errors import PrivacyRefused
from rust_ai_ide.training.privacy.optimising import PrivateOptimiser
from rust_ai_ide.training.privacy.records import Chance, RecordSampler, records_of
from rust_ai_ide.training.samples import IGNORED, SampleConfig, Window
from rust_ai_ide.training.tokeniser import CodeTokeniser

_TOLERANCE = 1e-3


class PrivateTraining(Pretraining):
    """DP-SGD in the place of plain steps; all else is as in `Pretraining`."""

    def __init__(
        self,
        folder: Path,
        sampler: RecordSampler,
        config: PretrainingConfig,
        network: Any,
        *,
        optimiser: Any,
        mechanism: Mechanism,
        chance: Chance,
        monitor: Monitor | None = None,
    ) -> None:
        """Go on from the checkpoint in the folder; `chance` is that of the sampler, too."""
        self._records = sampler
        self._loss = math.log(config.network.vocabulary)
        self._private = PrivateOptimiser(network, optimiser, mechanism, chance)
        super().__init__(folder, sampler, config, network, optimisers=[self._private], monitor=monitor)

    def run(self, check: Check | None = None, report: Report = ignore) -> Any:
        """Train to the end. Raises PrivacyRefused where gradients of single records cannot be relied on."""
        windows = self._records.windows_of(range(min(2, self._records.count)), 0, self.config.length)
        alone = [self._gradients(windows[row : row + 1]) for row in range(len(windows))]
        self._private.attach()
        try:
            self._prove(windows, alone)
            return super().run(check, report)
        finally:
            self._private.detach()

    def do_step(self) -> float:
        """Move the weights once and return the mean loss of the windows; where none was taken, that of the last."""
        windows = self._records.windows(self.step, 0, self.config.length)
        rows = max(1, self.config.micro // self.config.length)
        total = 0.0
        self.network.train()
        for start in range(0, len(windows), rows):
            total += self._back(windows[start : start + rows])
            self._private.take()
        if not math.isfinite(total):
            raise ArithmeticError(f"the loss of step {self.step + 1} is {total}")
        for group in self._private.param_groups:
            group["lr"] = self._rate()
        self._private.step(self.step)
        self.step += 1
        self._loss = total / len(windows) if len(windows) else self._loss
        return self._loss

    def spent(self) -> Spent:
        """Return what the training has spent so far."""
        return self._private.spent()

    def _back(self, windows: Window) -> float:
        """Send windows through the network and back; return the sum of their losses, each in nats a token."""
        torch = require("torch")
        targets = torch.from_numpy(self._records.targets(windows))
        device = device_of(self.network)
        scores = self.network(input_ids=torch.from_numpy(windows).to(device)).logits.float()
        losses = torch.nn.functional.cross_entropy(
            scores.transpose(1, 2), targets.to(device), ignore_index=IGNORED, reduction="none"
        )
        # A window's own mean, so that a long one weighs no more than a short one.
        counts = (targets != IGNORED).sum(1).clamp(min=1).to(device)
        loss = (losses.sum(1) / counts).sum()
        with _calm():
            loss.backward()
        return float(loss.detach())

    def _gradients(self, windows: Window) -> list[Any]:
        self.network.train()
        self._back(windows)
        found = [weight.grad.clone() for weight in self.network.parameters() if weight.requires_grad]
        self.network.zero_grad(set_to_none=True)
        return found

    def _prove(self, windows: Window, alone: list[list[Any]]) -> None:
        """Raise where the gradients of rows in a batch are not those of the rows alone."""
        self._back(windows)
        weights = [weight for weight in self.network.parameters() if weight.requires_grad]
        greatest = max(float(gradient.abs().max()) for each in alone for gradient in each)
        far = max(
            float((weight.grad_sample[row] - gradient).abs().max())
            for row, each in enumerate(alone)
            for weight, gradient in zip(weights, each, strict=True)
        )
        for weight in weights:
            weight.grad, weight.grad_sample = None, None
        if not far <= _TOLERANCE * greatest:
            raise PrivacyRefused(
                "The gradients of single files are not computed right for this model, so it cannot be trained "
                "privately; train another one."
            )


def private_training(
    privacy: Privacy,
    folder: Path,
    corpus: Corpus,
    tokeniser: CodeTokeniser,
    samples: SampleConfig,
    config: FinetuneConfig,
    loop: LoopConfig,
    network: Any,
    monitor: Monitor,
) -> PrivateTraining:
    """Return the private training that these settings ask for. Raises PrivacyRefused and CheckpointUnusable."""
    records = records_of(corpus.training)
    mechanism = mechanism_for(privacy, len(records), config.batch, config.steps, config.clip)
    chance = Chance()
    sampler = RecordSampler(records, tokeniser, samples, config.seed, mechanism.share, chance)
    (optimiser,) = optimisers(network, config)
    return PrivateTraining(
        folder,
        sampler,
        loop,
        network,
        optimiser=optimiser,
        mechanism=mechanism,
        chance=chance,
        monitor=monitor,
    )


@contextmanager
def _calm() -> Iterator[None]:
    """Keep from the user what PyTorch tells developers of hooks at the first layer, whose inputs are not trained."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield
