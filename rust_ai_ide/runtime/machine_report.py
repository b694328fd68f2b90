"""What is said of a machine and its models, in values that JSON knows: for the HTTP interface and the command."""

from dataclasses import asdict
from typing import Any

from rust_ai_ide.runtime.hardware import fingerprint, this_machine
from rust_ai_ide.runtime.library import known_models
from rust_ai_ide.runtime.recommended import fits, recommendation
from rust_ai_ide.runtime.tuning import CRITERION, Tuning, read_tuning


def hardware_report() -> dict[str, Any]:
    """Return what the machine has, which of the recommended models fit, and what was measured of each model here."""
    machine = this_machine()
    found = fits(machine.memory)
    measured = {}
    for model, (_, manifest) in known_models().items():
        tuning = read_tuning(manifest, fingerprint())
        measured[model] = tuning_report(tuning) if tuning is not None else None
    return {
        "machine": asdict(machine) | {"most_threads": machine.most_threads},
        "models": [
            {
                "name": fit.model.name,
                "parameters": fit.model.parameters,
                "window": fit.model.window,
                "can_infill": fit.model.can_infill,
                "needed": fit.needed,
                "missing": fit.missing,
                "prompt_length": fit.prompt_length,
                "verdict": fit.verdict,
            }
            for fit in found
        ],
        "recommendation": recommendation(found),
        "criterion": CRITERION,
        "tuning": measured,
    }


def tuning_report(tuning: Tuning) -> dict[str, Any]:
    """Return what was measured of a model, the fastest setting first."""
    best = tuning.best()
    trials = sorted(tuning.trials, key=lambda trial: (trial is not best, trial.score))
    return {
        "model": tuning.model,
        "at": tuning.at,
        "left_out": tuning.left_out,
        "trials": [asdict(trial) | {"is_best": trial is best} for trial in trials],
    }
