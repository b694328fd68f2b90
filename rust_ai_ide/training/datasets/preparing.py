"""Makes a dataset of the Rust files in folders and repositories."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime

from rust_ai_ide.observability.events import Progressed, Report, ignore
from rust_ai_ide.training.datasets.augmenting import augmented
from rust_ai_ide.training.datasets.card import Card
from rust_ai_ide.training.datasets.counting import augmentations, licences, text_bytes
from rust_ai_ide.training.datasets.errors import DatasetUnusable
from rust_ai_ide.training.datasets.gathering import Gathered, gather
from rust_ai_ide.training.datasets.reading import Row
from rust_ai_ide.training.datasets.settings import PreparationSettings, to_json
from rust_ai_ide.training.datasets.splitting import some, split
from rust_ai_ide.training.datasets.tokens import TokenCount, token_counter
from rust_ai_ide.training.datasets.writing import check_output, write_dataset
from rust_ai_ide.training.duplicates import distinct

REMEDIES = {
    "licence": "say that it is your own code",
    "quality": "lower the quality threshold",
    "too small": "lower the least size",
    "too large": "raise the most size",
    "tests": "include tests",
    "vendored": "give the folder itself where it is wanted",
}


def prepare_dataset(settings: PreparationSettings, report: Report = ignore) -> Card:
    """Write a dataset to `output_path` and return its card; `report` may cancel, which leaves what was there.

    Raises DatasetUnusable where nothing is left to train on, with what was dropped and what to change.
    """
    check_output(settings.output_path)
    count = token_counter(settings.tokeniser)
    gathered = gather(settings, report)
    _drop_near_duplicates(gathered, report)
    rows = some(gathered.rows, settings.filters.max_samples)
    gathered.dropped["over the number wanted"] = len(gathered.rows) - len(rows)
    if len(rows) < 2:
        raise DatasetUnusable(_nothing_left(len(rows), gathered.found, gathered.dropped, settings))
    training, validation, split_by = split(rows)
    training += augmented(training, settings.augmentation.chosen, settings.seed, report)
    counted = count([*training, *validation], report)
    report(Progressed("Writing the dataset"))
    card = make_card(settings, gathered, training, validation, split_by, counted)
    write_dataset(settings.output_path, training, validation, card)
    return card


def make_card(
    settings: PreparationSettings,
    gathered: Gathered,
    training: Sequence[Row],
    validation: Sequence[Row],
    split_by: str,
    counted: TokenCount,
) -> Card:
    """Return the card of what was prepared."""
    rows = (*training, *validation)
    kept = {row.crate for row in rows}
    return Card(
        name=settings.name or settings.output_path.name,
        kind="prepared",
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        task_type=settings.task_type,
        split_by=split_by,
        own_code=settings.own_code,
        settings=to_json(settings),
        found=gathered.found,
        dropped={reason: count for reason, count in gathered.dropped.most_common() if count},
        quality=tuple(gathered.quality),
        crates=tuple(crate for name, crate in gathered.crates.items() if name in kept),
        training=len(training),
        validation=len(validation),
        training_bytes=text_bytes(training),
        validation_bytes=text_bytes(validation),
        licences=licences(rows),
        augmentations=augmentations(rows),
        **asdict(counted),
    )


def _drop_near_duplicates(gathered: Gathered, report: Report) -> None:
    kept = distinct(gathered.prints, len(gathered.prints), report)
    gathered.dropped["nearly the same"] = len(gathered.rows) - len(kept)
    gathered.rows = [gathered.rows[place] for place in kept]


def _nothing_left(left: int, found: int, dropped: Counter[str], settings: PreparationSettings) -> str:
    """Say what was dropped, and what to change."""
    extensions = ", ".join(f".{each}" for each in settings.filters.allowed_extensions)
    if not found:
        return f"There is no {extensions} file in {', '.join(settings.source_paths)}; give another folder."
    reasons = [(reason, count) for reason, count in dropped.most_common() if count]
    why = ", ".join(f"{reason} ({count:,})" for reason, count in reasons)
    remedies = [REMEDIES[reason] for reason, _ in reasons if reason in REMEDIES]
    remedy = " or ".join(["give more code", *remedies])
    return (
        f"{'One' if left else 'None'} of {found:,} {extensions} files is left, and at least two are needed, one to "
        f"train on and one to validate on{f'; left out: {why}' if why else ''}. To change that, {remedy}."
    )
