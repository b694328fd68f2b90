"""Reads prepared datasets."""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from rust_ai_ide.training.corpus import Corpus, SourceFile
from rust_ai_ide.training.datasets.card import read_card
from rust_ai_ide.training.datasets.errors import DatasetUnusable

TRAINING = "train.jsonl"
VALIDATION = "validation.jsonl"


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a dataset: a text with where it came from; `augmentation` names what changed it, or is ""."""

    crate: str
    path: str
    licence: str
    origin: str
    text: str
    augmentation: str = ""

    def to_line(self) -> str:
        """Return the line of JSON, with its line feed."""
        return json.dumps(asdict(self), ensure_ascii=False) + "\n"


_FIELDS = frozenset(each.name for each in fields(Row))


def read_dataset(folder: Path) -> Corpus:
    """Return the files of the dataset in a folder, those to train on and those kept back. Raises DatasetUnusable."""
    card = read_card(folder)
    training, validation = (tuple(map(_source, read_rows(folder, name))) for name in (TRAINING, VALIDATION))
    if not training or not validation:
        raise DatasetUnusable(
            f"{folder} holds {len(training):,} files to train on and {len(validation):,} to validate on; "
            "there must be some of both."
        )
    return Corpus(card.crates, training, validation, card.dropped)


def read_rows(folder: Path, name: str) -> Iterator[Row]:
    """Yield the rows of `train.jsonl` or `validation.jsonl`. Raises DatasetUnusable at the first that is none."""
    try:
        with (folder / name).open(encoding="utf-8", newline="\n") as lines:
            for number, line in enumerate(lines, 1):
                yield _row(line, folder / name, number)
    except FileNotFoundError as error:
        raise DatasetUnusable(f"{folder} is no prepared dataset: it has no {name}.") from error
    except OSError as error:
        raise DatasetUnusable(f"{folder / name} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise DatasetUnusable(f"{folder / name} is not UTF-8; prepare the dataset again.") from error


def _row(line: str, file: Path, number: int) -> Row:
    try:
        data = json.loads(line)
    except (ValueError, RecursionError):
        data = None
    if (
        not isinstance(data, dict)
        or data.keys() != _FIELDS
        or not all(isinstance(value, str) for value in data.values())
    ):
        raise DatasetUnusable(f"Line {number} of {file} is no row of a dataset; prepare it again.")
    return Row(**data)


def _source(row: Row) -> SourceFile:
    return SourceFile(row.crate, row.path, row.text)
