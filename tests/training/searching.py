"""A search of seconds. As a program: searches until it is killed."""

import sys
import time
from pathlib import Path
from typing import Any

from rust_ai_ide.observability.events import Event, Progressed
from rust_ai_ide.training.searching.job import Search, search
from rust_ai_ide.training.searching.space import Choice, Range
from tests.training.finetuning import quick

SPACE = {"rate": Range(1e-5, 1e-2, log=True), "weight_decay": Choice((0.0, 0.1))}


def wanted(place: Path, into: Path, **changes: Any) -> Search:
    """Return a search for the base and the dataset in a folder."""
    sizes = {"steps": 6, "check_every": 2, "batch": 2, "micro": 2, "length": 64, "warm_up": 1}
    config = quick(**{**sizes, **changes.pop("config", {})})
    chosen = {"space": SPACE, "trials": 4, **changes}
    return Search(place / "base", place / "data", into, config, **chosen)


def _slowly(event: Event) -> None:
    """Leave the parent time to kill this process in the middle."""
    if isinstance(event, Progressed) and event.done:
        time.sleep(0.06)


if __name__ == "__main__":
    place, into = map(Path, sys.argv[1:])
    search(wanted(place, into), _slowly)
