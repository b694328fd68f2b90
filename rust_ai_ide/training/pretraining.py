"""Trains a network on windows of code; may be killed at any time and goes on from its last checkpoint."""

import json
import math
import os
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from rust_ai_ide.observability.events import Cancelled, Progressed, Report, ignore
from rust_ai_ide.training.checkpoints import CheckpointUnusable, load_checkpoint, not_written, save_checkpoint
from rust_ai_ide.training.devices import device_for, device_of
from rust_ai_ide.training.extra import require
from rust_ai_ide.training.losses import summed_loss
from rust_ai_ide.training.monitor import Monitor
from rust_ai_ide.training.network import NetworkConfig, build
from rust_ai_ide.training.optimisers import OptimiserConfig, make_optimisers, rate_at
from rust_ai_ide.training.samples import IGNORED, Sampler
from rust_ai_ide.training.states import load_weights, trained_weights

LOG = "log.jsonl"


@dataclass(frozen=True)
class PretrainingConfig:
    """How long and on what: `steps` of `tokens` tokens each or, where 0, as many as fit into `seconds`.

    Windows have `length` tokens; every eighth step has windows as long as the network's context. `micro` tokens go
    through the network at once. `check_every` and `save_every` are in seconds; `threads` 0 takes every processor;
    `device` is one of DEVICES.
    """

    network: NetworkConfig = field(default_factory=NetworkConfig)
    optimiser: OptimiserConfig = field(default_factory=OptimiserConfig)
    steps: int = 0
    seconds: float = 0.0
    tokens: int = 8192
    micro: int = 2048
    length: int = 512
    long_every: int = 8
    use_bfloat16: bool = True
    seed: int = 0
    check_every: float = 300.0
    save_every: float = 120.0
    threads: int = 0
    device: str = "auto"

    @property
    def settings(self) -> str:
        """What a checkpoint must agree with; how long to train and on what device may change when going on."""
        values = asdict(self)
        for free in ("steps", "seconds", "check_every", "save_every", "threads", "device"):
            del values[free]
        # Checkpoints from before there were other families name none.
        if values["network"]["family"] == "llama":
            del values["network"]["family"]
        return json.dumps(values, sort_keys=True)


Check = Callable[[Any], dict[str, float]]
"""Measures a network during training; what it returns is logged."""


class Pretraining:
    """One run in a folder, which holds its checkpoint and `log.jsonl`, one line of figures a step."""

    def __init__(
        self,
        folder: Path,
        sampler: Sampler,
        config: PretrainingConfig,
        network: Any = None,
        *,
        optimisers: list[Any] | None = None,
        monitor: Monitor | None = None,
    ) -> None:
        """Start from the weights of `network`, random ones without it, or go on from the checkpoint in the folder.

        Weights of the network that need no gradient stay as they are and are left out of the checkpoint.
        `optimisers` go before those that the settings name. Raises CheckpointUnusable, DeviceUnusable and
        TrainingNotInstalled.
        """
        torch = require("torch")
        torch.set_num_threads(config.threads or os.cpu_count() or 1)
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self._sampler = sampler
        self.config = config
        # Made on the processor first, so that a seed means the same weights on every device.
        network = build(config.network, config.seed) if network is None else network
        self.network = network.to(device_for(config.device))
        self._optimisers = optimisers or make_optimisers(self.network, config.optimiser)
        self._monitor = monitor
        self.step = 0
        self.elapsed = 0.0
        self._total = config.steps
        state = load_checkpoint(folder, config.settings)
        if state:
            self._restore(state)

    def run(self, check: Check | None = None, report: Report = ignore) -> Any:
        """Train to the end and return the network. `report` may raise Cancelled, which leaves a checkpoint of here."""
        checked = saved = last = time.monotonic()
        while not self._is_done():
            loss = self.do_step()
            now = time.monotonic()
            took, last = now - last, now
            self.elapsed += took
            figures = {"loss": loss, "rate": self._rate(), "tokens_per_second": self.config.tokens / took}
            if self._monitor:
                figures |= self._monitor.look(self.network, self.step)
            if check and now - checked >= self.config.check_every:
                figures |= self._checked(check)
                checked = time.monotonic()
            self._log(figures)
            if now - saved >= self.config.save_every:
                self.save()
                saved = time.monotonic()
            shown = ", ".join(f"{name} {value:.4g}" for name, value in figures.items())
            try:
                report(Progressed(f"Training: {shown}", self.step, self._expected()))
            except Cancelled:
                self.save()
                raise
        self.save()
        self.network.eval()
        return self.network

    def do_step(self) -> float:
        """Move the weights once and return the loss in nats a token."""
        torch = require("torch")
        config = self.config
        is_long = config.long_every and self.step % config.long_every == config.long_every - 1
        length = config.network.context if is_long else config.length
        windows = self._sampler.windows(self.step, max(1, config.tokens // length), length)
        targets = torch.from_numpy(self._sampler.targets(windows))
        learnt = int((targets != IGNORED).sum())
        device = device_of(self.network)
        inputs, targets = torch.from_numpy(windows).to(device), targets.to(device)
        rows = max(1, config.micro // length)
        # Asked for only at the end, so that a graphics card need not be waited for in between.
        summed = torch.zeros((), dtype=torch.float64, device=device)
        self.network.train()
        for start in range(0, len(inputs), rows):
            some = slice(start, start + rows)
            loss = summed_loss(self.network, inputs[some], targets[some], use_bfloat16=config.use_bfloat16)
            (loss / learnt).backward()
            summed += loss.detach()
        torch.nn.utils.clip_grad_norm_(self.network.parameters(), config.optimiser.clip)
        for optimiser in self._optimisers:
            for group in optimiser.param_groups:
                group["lr"] = self._rate()
            optimiser.step()
            optimiser.zero_grad(set_to_none=True)
        self.step += 1
        total = float(summed)
        if not math.isfinite(total):
            raise ArithmeticError(f"the loss of step {self.step} is {total}")
        return total / learnt

    def save(self) -> None:
        """Write the checkpoint."""
        state = {
            "settings": self.config.settings,
            "step": self.step,
            "elapsed": self.elapsed,
            "total": self._total,
            "network": trained_weights(self.network),
            "optimisers": [optimiser.state_dict() for optimiser in self._optimisers],
        }
        if self._monitor:
            state["monitor"] = self._monitor.state()
        save_checkpoint(self.folder, state)

    def _restore(self, state: dict[str, Any]) -> None:
        try:
            load_weights(self.network, state["network"])
            for optimiser, kept in zip(self._optimisers, state["optimisers"], strict=True):
                optimiser.load_state_dict(kept)
            self.step, self.elapsed = int(state["step"]), float(state["elapsed"])
            self._total = self.config.steps or int(state["total"])
            if self._monitor:
                self._monitor.restore(state["monitor"])
        except (KeyError, TypeError, ValueError, RuntimeError) as error:
            raise CheckpointUnusable(
                f"The checkpoint in {self.folder} does not fit this network; remove it to start the training afresh."
            ) from error

    def _is_done(self) -> bool:
        if self._monitor and self._monitor.is_over:
            return True
        hold = 1 - self.config.optimiser.decay
        if not self._total and self.elapsed >= hold * self.config.seconds:
            # From here on the number of steps is fixed, so that the rate falls to its end in the time that is left.
            self._total = max(1, round(self.step / hold))
        return bool(self._total) and self.step >= self._total

    def _expected(self) -> int:
        if self._total or not self.elapsed:
            return self._total
        return round(self.step * self.config.seconds / self.elapsed)

    def _rate(self) -> float:
        return rate_at(self.step, self._total, self.config.optimiser)

    def _checked(self, check: Check) -> dict[str, float]:
        self.network.eval()
        return check(self.network)

    def _log(self, figures: dict[str, float]) -> None:
        line = {"step": self.step, "seconds": round(self.elapsed, 1), **figures}
        try:
            with (self.folder / LOG).open("a", encoding="utf-8") as file:
                file.write(json.dumps(line) + "\n")
        except OSError as error:
            raise not_written(self.folder / LOG) from error
