"""The kept choices of threads and types: what was measured to be fastest, by model and machine.

They lie in `tuning.json` of the data directory, under the SHA-256 of a model's weights and the machine's fingerprint,
so that a copied model keeps its measurements and another machine does not use them.
"""

import json
import os
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from rust_ai_ide.home import data_directory
from rust_ai_ide.runtime.generating import LoadOptions
from rust_ai_ide.runtime.manifest import WEIGHTS, Manifest

PACKED = "CT2_PACKED_GEMM"
"""CTranslate2's variable for weights packed ahead of time: faster or slower by machine, and more memory."""
CRITERION = "time to a finished completion of 16 tokens after 512"
TIE = 1.03
"""Times that differ by less are taken as the same."""


@dataclass(frozen=True)
class Timing:
    """Times in milliseconds, medians: to the first token after so many of prompt, for each further one, for all."""

    prompt_tokens: int
    first_token: float
    each_token: float
    total: float


@dataclass(frozen=True)
class Trial:
    """One setting and what it measured; `memory` is the resident bytes of a process that does nothing else."""

    threads: int
    compute_type: str
    packed: bool
    timings: tuple[Timing, ...]
    memory: int

    @property
    def score(self) -> float:
        """Return the milliseconds by which settings are compared: those after the longest prompt."""
        return max(self.timings, key=lambda timing: timing.prompt_tokens).total


@dataclass(frozen=True)
class Tuning:
    """The trials of a model on a machine. `at` is a time of day in ISO 8601; `left_out` counts settings not tried."""

    model: str
    at: str
    trials: tuple[Trial, ...]
    left_out: int = 0

    def best(self, threads: int = 0, compute_type: str = "default") -> Trial | None:
        """Return the fastest trial, among those of so many threads and that type where they are given.

        Of those as fast as can be told, it is the one that was tried first: it takes less.
        """
        fitting = [
            trial
            for trial in self.trials
            if threads in {0, trial.threads} and compute_type in {"default", trial.compute_type}
        ]
        least = min((trial.score for trial in fitting), default=0.0)
        return next((trial for trial in fitting if trial.score <= least * TIE), None)


def read_tuning(manifest: Manifest, fingerprint: str) -> Tuning | None:
    """Return what was measured of a model on the machine with this fingerprint, if anything."""
    values = _read(_file()).get(_key(manifest, fingerprint))
    # What cannot be read was never measured.
    with suppress(TypeError, ValueError, KeyError, AttributeError):
        return _tuning(values) if values is not None else None
    return None


def keep_tuning(manifest: Manifest, fingerprint: str, tuning: Tuning) -> None:
    """Keep what was measured, in the place of earlier measurements."""
    file = _file()
    made = file.with_suffix(f".{os.getpid()}")
    made.write_text(json.dumps(_read(file) | {_key(manifest, fingerprint): asdict(tuning)}, indent=1))
    made.replace(file)


def tuned(options: LoadOptions, manifest: Manifest, fingerprint: str) -> LoadOptions:
    """Return options with what they leave open, 0 threads and the type "default", as tuned; else one thread."""
    if options.threads and options.compute_type != "default":
        return options
    tuning = read_tuning(manifest, fingerprint) if options.device == "cpu" else None
    best = tuning.best(options.threads, options.compute_type) if tuning else None
    if best is None:
        return replace(options, threads=options.threads or 1)
    return replace(options, threads=best.threads, compute_type=best.compute_type)


def apply_packing(manifests: Sequence[Manifest], fingerprint: str) -> None:
    """Let this process pack weights, or not, as is fastest for the first tuned model. Before CTranslate2 is used."""
    for manifest in manifests:
        tuning = read_tuning(manifest, fingerprint)
        best = tuning.best() if tuning else None
        if best is not None:
            os.environ.setdefault(PACKED, str(int(best.packed)))
            return


def _file() -> Path:
    return data_directory() / "tuning.json"


def _key(manifest: Manifest, fingerprint: str) -> str:
    return f"{manifest.files[WEIGHTS].sha256}:{fingerprint}"


def _read(file: Path) -> dict[str, Any]:
    with suppress(OSError, ValueError):
        values = json.loads(file.read_text())
        return values if isinstance(values, dict) else {}
    return {}


def _tuning(values: dict[str, Any]) -> Tuning:
    trials = tuple(
        Trial(**{**trial, "timings": tuple(Timing(**timing) for timing in trial["timings"])})
        for trial in values["trials"]
    )
    return Tuning(**{**values, "trials": trials})
