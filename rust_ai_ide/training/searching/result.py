"""What a search came to: every trial, and the best settings as `train finetune` takes them."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from rust_ai_ide.training.finetuning.config import FinetuneConfig
from rust_ai_ide.training.searching.journal import REASON, SECONDS
from rust_ai_ide.training.searching.space import Space, applied

RESULTS = "results.json"
BEST = "best.json"
MACHINES = ("micro", "threads", "save_every", "gradient_checkpointing", "device")
"""Settings that the machine decides."""


@dataclass(frozen=True)
class TrialRecord:
    """A trial: "complete", "pruned" or "failed", its settings, and its least loss on what was kept back.

    `value` is in nats a token, None where none was taken; `reason` says in a sentence why it failed.
    """

    number: int
    state: str
    settings: Mapping[str, Any]
    value: float | None
    seconds: float
    reason: str = ""


@dataclass(frozen=True)
class SearchResult:
    """Every trial, the best of those that came to an end, and the whole settings of that one."""

    sampler: str
    trials: tuple[TrialRecord, ...]
    best: TrialRecord
    config: FinetuneConfig

    def as_json(self) -> dict[str, Any]:
        """Return it as plain values."""
        return {
            "sampler": self.sampler,
            "best": self.best.number,
            "settings": settings_of(self.config),
            "trials": [asdict(trial) for trial in self.trials],
        }

    def as_text(self) -> list[tuple[str, ...]]:
        """Return the rows of the table of trials, heads first."""
        names = sorted({name for trial in self.trials for name in trial.settings})
        heads = ("Trial", "State", *names, "Loss", "Seconds")
        return [heads, *(_row(trial, names, self.best) for trial in self.trials)]

    def write(self, folder: Path) -> None:
        """Write `results.json` and `best.json`, each whole or not at all."""
        for name, values in ((RESULTS, self.as_json()), (BEST, settings_of(self.config))):
            waiting = folder / f"{name}.new"
            waiting.write_text(json.dumps(values, indent=1) + "\n", encoding="utf-8")
            waiting.replace(folder / name)


def settings_of(config: FinetuneConfig) -> dict[str, Any]:
    """Return the settings that make a training what it is, without those that the machine decides."""
    return {name: value for name, value in asdict(config).items() if name not in MACHINES}


def records(study: Any, space: Space) -> tuple[TrialRecord, ...]:
    """Return the trials that ended, in their order."""
    kept = (trial for trial in study.get_trials(deepcopy=False) if trial.state.is_finished())
    return tuple(_record(trial, space) for trial in kept)


def _record(trial: Any, space: Space) -> TrialRecord:
    losses = [*trial.intermediate_values.values(), *([trial.value] if trial.value is not None else [])]
    names = {"COMPLETE": "complete", "PRUNED": "pruned", "FAIL": "failed"}
    changed = applied(FinetuneConfig(), trial.params)
    settings = {name: getattr(changed, name) for name in (*space, *(["alpha"] if "rank" in space else []))}
    return TrialRecord(
        trial.number,
        names[trial.state.name],
        settings,
        min(losses) if losses else None,
        round(float(trial.user_attrs.get(SECONDS, 0.0)), 1),
        str(trial.user_attrs.get(REASON, "")),
    )


def _row(trial: TrialRecord, names: list[str], best: TrialRecord) -> tuple[str, ...]:
    settings = (f"{trial.settings[name]:.4g}" for name in names)
    value = "" if trial.value is None else f"{trial.value:.4f}"
    state = "complete, best" if trial.number == best.number else trial.state
    return (str(trial.number), state, *settings, value, f"{trial.seconds:.1f}")
