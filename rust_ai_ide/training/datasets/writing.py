"""Writes a dataset aside and puts it in its place at once, so that nobody ever sees half of one."""

import errno
import glob
import os
import secrets
import shutil
import time
from collections.abc import Iterable
from pathlib import Path

from rust_ai_ide.training.datasets.card import CARD, README, Card
from rust_ai_ide.training.datasets.errors import DatasetUnusable
from rust_ai_ide.training.datasets.reading import TRAINING, VALIDATION, Row
from rust_ai_ide.training.datasets.readme import readme

FILES = frozenset({TRAINING, VALIDATION, CARD, README})
_ABANDONED_SECONDS = 3600
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


def check_output(folder: Path) -> None:
    """Refuse a place that holds anything but a dataset, before any work is done. Raises DatasetUnusable."""
    if not folder.exists():
        return
    if not folder.is_dir() or not {entry.name for entry in folder.iterdir()} <= FILES:
        raise DatasetUnusable(f"{folder} holds something other than a dataset; choose another place.")


def write_dataset(folder: Path, training: Iterable[Row], validation: Iterable[Row], card: Card) -> None:
    """Write the files of a dataset, replacing an older one only once all are on the disk. Raises DatasetUnusable."""
    check_output(folder)
    aside = folder.with_name(f".{folder.name}.{secrets.token_hex(4)}")
    try:
        aside.mkdir(parents=True)
        _sweep(folder)
        _write(aside / TRAINING, (row.to_line() for row in training))
        _write(aside / VALIDATION, (row.to_line() for row in validation))
        _write(aside / CARD, [card.to_json()])
        _write(aside / README, [readme(card)])
        _replace(folder, aside)
    except OSError as error:
        why = "the disk is full" if error.errno in _FULL else error.strerror
        raise DatasetUnusable(
            f"The dataset cannot be written to {folder}: {why}. Nothing there was changed."
        ) from error
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def delete_dataset(folder: Path) -> None:
    """Delete the files of a dataset, and nothing else. Raises DatasetUnusable."""
    check_output(folder)
    try:
        shutil.rmtree(folder)
    except OSError as error:
        raise DatasetUnusable(f"{folder} cannot be deleted: {error.strerror}.") from error


def _sweep(folder: Path) -> None:
    """Remove what writers of this dataset that were killed have left beside it."""
    for left in folder.parent.glob(f".{glob.escape(folder.name)}.*"):
        is_ours = left.is_dir() and {entry.name for entry in left.iterdir()} <= FILES
        if is_ours and time.time() - left.stat().st_mtime > _ABANDONED_SECONDS:
            shutil.rmtree(left, ignore_errors=True)


def _write(file: Path, lines: Iterable[str]) -> None:
    with file.open("w", encoding="utf-8", newline="\n") as written:
        written.writelines(lines)
        written.flush()
        os.fsync(written.fileno())


def _replace(folder: Path, aside: Path) -> None:
    """Put the new folder where the old one is; the old one comes back should that fail."""
    old = folder.with_name(f"{aside.name}.old")
    if folder.exists():
        folder.rename(old)
    try:
        aside.rename(folder)
    except OSError:
        if old.exists():
            old.rename(folder)
        raise
    shutil.rmtree(old, ignore_errors=True)
