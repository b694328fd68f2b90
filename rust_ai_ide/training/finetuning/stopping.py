"""Early stopping: ends a training that no longer gets better on the files kept back, and keeps its best weights."""

from pathlib import Path
from typing import Any

import numpy as np

from rust_ai_ide.observability.events import Report, Warned, ignore
from rust_ai_ide.training.checkpoints import CheckpointUnusable, load_checkpoint, save_checkpoint
from rust_ai_ide.training.devices import device_of
from rust_ai_ide.training.extra import require
from rust_ai_ide.training.finetuning.config import LoopConfig
from rust_ai_ide.training.losses import summed_loss
from rust_ai_ide.training.samples import IGNORED, Sampler
from rust_ai_ide.training.states import load_weights, trained_weights

BEST = "best.pt"
WINDOWS = 16


class EarlyStopping:
    """A monitor of a training. Prechelt, "Early stopping - but when?" (1998), with a fixed patience.

    The loss is that of the same 16 windows each time, in nats a token.
    """

    def __init__(self, folder: Path, sampler: Sampler, config: LoopConfig, every: int, patience: int) -> None:
        """`sampler` draws from the files that were kept back; `every` counts steps, `patience` checks."""
        self.is_over = False
        self._folder = folder
        self._config = config
        self._every = every
        self._patience = patience
        self._windows = sampler.windows(0, WINDOWS, config.length)
        self._targets = sampler.targets(self._windows)
        self._best: float | None = None
        self._best_step = 0
        self._waited = 0
        self._checked = 0

    def look(self, network: Any, step: int) -> dict[str, float]:
        """Take the loss every so many steps; return it as "validation"."""
        return {} if step % self._every else {"validation": self._check(network, step)}

    def finish(self, network: Any, step: int, report: Report = ignore) -> tuple[float, int]:
        """Put the best weights back into the network; return their loss and step. Raises CheckpointUnusable."""
        if self._checked != step:
            self._check(network, step)
        if self.is_over:
            report(
                Warned(
                    f"The loss did not fall after step {self._best_step:,}, so training ended at {step:,}."
                )
            )
        state = load_checkpoint(self._folder, self._config.settings, BEST)
        try:
            load_weights(network, state["network"] if state else {})
            return float(state["loss"] if state else 0), int(state["step"] if state else 0)
        except (KeyError, TypeError, ValueError, RuntimeError) as error:
            raise CheckpointUnusable(
                f"{self._folder / BEST} does not hold the best weights; remove the folder to train afresh."
            ) from error

    def state(self) -> dict[str, Any]:
        """Return what a checkpoint holds of it."""
        return {
            "best": self._best,
            "best_step": self._best_step,
            "waited": self._waited,
            "checked": self._checked,
            "is_over": self.is_over,
        }

    def restore(self, state: dict[str, Any]) -> None:
        """Go on from a state."""
        self._best, self._best_step = state["best"], int(state["best_step"])
        self._waited, self._checked = int(state["waited"]), int(state["checked"])
        self.is_over = bool(state["is_over"])

    def _check(self, network: Any, step: int) -> float:
        loss = self._loss(network)
        self._checked = step
        if self._best is None or loss < self._best:
            self._best, self._best_step, self._waited = loss, step, 0
            state = {"settings": self._config.settings, "loss": loss, "step": step}
            save_checkpoint(self._folder, {**state, "network": trained_weights(network)}, BEST)
        else:
            self._waited += 1
            self.is_over = bool(self._patience) and self._waited >= self._patience
        return loss

    def _loss(self, network: Any) -> float:
        torch = require("torch")
        rows = max(1, self._config.micro // self._config.length)
        network.eval()
        device = device_of(network)
        total = 0.0
        with torch.inference_mode():
            for start in range(0, WINDOWS, rows):
                inputs = torch.from_numpy(self._windows[start : start + rows]).to(device)
                targets = torch.from_numpy(self._targets[start : start + rows]).to(device)
                total += float(summed_loss(network, inputs, targets, use_bfloat16=self._config.use_bfloat16))
        return total / max(1, int(np.count_nonzero(self._targets != IGNORED)))
