"""The trials of a search on disk: Optuna's journal, one line an event, which a kill at any moment leaves readable."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rust_ai_ide.training.extra import require
from rust_ai_ide.training.searching.errors import SearchRefused
from rust_ai_ide.training.searching.space import Choice, Space, is_whole

NAME = "trials.log"
_STUDY = "search"
_IDENTITY = "identity"
SECONDS = "seconds"
REASON = "reason"


def open_study(folder: Path, identity: str) -> Any:
    """Return the study in a folder, which the caller alone holds. Raises SearchRefused for one of another search."""
    optuna = require("optuna")
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    storages = require("optuna.storages")
    file = folder / NAME
    _mend(file)
    try:
        backend = require("optuna.storages.journal").JournalFileBackend(str(file))
        study = optuna.create_study(
            storage=storages.JournalStorage(backend),
            study_name=_STUDY,
            direction="minimize",
            load_if_exists=True,
        )
        known = study.user_attrs.get(_IDENTITY)
    except (ValueError, KeyError, TypeError) as error:
        raise SearchRefused(f"{file} is damaged; remove it to search afresh.") from error
    if known is None:
        study.set_user_attr(_IDENTITY, identity)
    elif known != identity:
        raise SearchRefused(
            f"{folder} holds a search with other settings, base or dataset; choose another folder or remove it."
        )
    return study


def next_trial(study: Any) -> Any:
    """Return the trial that was interrupted, with the settings that it had, or else a new one."""
    trials = require("optuna.trial")
    for frozen in study.get_trials(deepcopy=False, states=(trials.TrialState.RUNNING,)):
        return trials.Trial(study, frozen._trial_id)
    return study.ask()


def suggested(trial: Any, space: Space) -> dict[str, Any]:
    """Return the settings of a trial by name."""
    return {name: _suggested(trial, name, part) for name, part in space.items()}


def ended(study: Any, trial: Any, state: str, value: float | None, notes: Mapping[str, Any]) -> None:
    """Write down how a trial ended: "complete", "pruned" or "failed"."""
    states = require("optuna.trial").TrialState
    for name, note in notes.items():
        trial.set_user_attr(name, note)
    study.tell(
        trial, value, {"complete": states.COMPLETE, "pruned": states.PRUNED, "failed": states.FAIL}[state]
    )


def _suggested(trial: Any, name: str, part: Any) -> Any:
    if isinstance(part, Choice):
        return trial.suggest_categorical(name, list(part.values))
    if is_whole(name):
        return trial.suggest_int(name, part.low, part.high, log=part.log)
    return trial.suggest_float(name, part.low, part.high, log=part.log)


def _mend(file: Path) -> None:
    """Drop half a line that a kill left, and the lock of a process that is gone: the folder is held by us alone."""
    Path(f"{file}.lock").unlink(missing_ok=True)
    if not file.exists():
        return
    content = file.read_bytes()
    whole = content.rfind(b"\n") + 1
    if whole < len(content):
        with file.open("rb+") as written:
            written.truncate(whole)
