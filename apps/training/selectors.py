"""Reading the datasets of the data directory."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from django.conf import settings
from django.http import Http404

from apps.common.models import UNFINISHED, Run
from rust_ai_ide.training.datasets.card import CARD, Card, read_card
from rust_ai_ide.training.datasets.errors import DatasetUnusable
from rust_ai_ide.training.datasets.reading import TRAINING, Row, read_rows

SUBJECT = "dataset:"
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,79}")
_LOOKED_AT = 400


@dataclass(frozen=True)
class Listed:
    """A dataset of the list; `problem` says why its card cannot be read."""

    name: str
    card: Card | None
    problem: str = ""


@dataclass(frozen=True)
class Share:
    """A row of a table of counts; `share` is of the greatest, from 0 to 1."""

    label: str
    count: int
    share: float


def datasets_folder() -> Path:
    """Return where datasets lie."""
    return Path(settings.HOME) / "datasets"


def listed_datasets() -> list[Listed]:
    """Return the datasets by name."""
    return [_listed(file.parent) for file in sorted(datasets_folder().glob(f"[!.]*/{CARD}"))]


def folder_of(name: str) -> Path:
    """Return the folder of a dataset, whether it is there or not; answer 404 for what can be no name."""
    if not NAME.fullmatch(name):
        raise Http404
    return datasets_folder() / name


def run_of(name: str) -> Run | None:
    """Return the newest run that prepares a dataset."""
    return Run.objects.filter(subject=f"{SUBJECT}{name}").first()


def unfinished_runs() -> list[Run]:
    """Return the runs that prepare datasets now."""
    return list(Run.objects.filter(kind="prepare-dataset", state__in=UNFINISHED))


def some_rows(folder: Path, most: int = 4) -> list[Row]:
    """Return a few of the texts to train on, from all over the first hundreds. Raises DatasetUnusable."""
    rows = list(islice(read_rows(folder, TRAINING), _LOOKED_AT))
    return rows[:: max(1, len(rows) // most)][:most]


def shares(counts: Mapping[str, int]) -> list[Share]:
    """Return counts for a table with bars, the greatest first."""
    most = max(counts.values(), default=0) or 1
    ordered = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    return [Share(label, count, count / most) for label, count in ordered]


def quality_shares(card: Card) -> list[Share]:
    """Return how the scores are spread, the lowest first."""
    most, steps = max(card.quality, default=0) or 1, len(card.quality)
    return [
        Share(f"{number / steps:.1f} to {(number + 1) / steps:.1f}", count, count / most)
        for number, count in enumerate(card.quality)
    ]


def _listed(folder: Path) -> Listed:
    try:
        return Listed(folder.name, read_card(folder))
    except DatasetUnusable as error:
        return Listed(folder.name, None, str(error))
