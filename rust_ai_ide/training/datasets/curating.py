"""Makes a dataset of written samples."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime

from rust_ai_ide.observability.events import Progressed, Report, ignore
from rust_ai_ide.source.syntax.parsing import NotAnalysable, parse_rust
from rust_ai_ide.training.corpus import Crate
from rust_ai_ide.training.datasets.augmenting import augmented
from rust_ai_ide.training.datasets.card import Card
from rust_ai_ide.training.datasets.counting import augmentations, licences, text_bytes
from rust_ai_ide.training.datasets.errors import DatasetUnusable
from rust_ai_ide.training.datasets.owners import OWN_CODE
from rust_ai_ide.training.datasets.quality import STEPS, step_of
from rust_ai_ide.training.datasets.reading import Row
from rust_ai_ide.training.datasets.settings import CurationSettings, Sample, to_json
from rust_ai_ide.training.datasets.splitting import split
from rust_ai_ide.training.datasets.tokens import TokenCount, token_counter
from rust_ai_ide.training.datasets.writing import check_output, write_dataset
from rust_ai_ide.training.duplicates import without_near_duplicates

CRATE = "curated"
_ORIGIN = "written as a sample"
_MOST_MISSING = 8


def create_curated_dataset(settings: CurationSettings, report: Report = ignore) -> Card:
    """Write a dataset of samples to `output_path` and return its card; `report` may cancel.

    A sample is its output after its input; brackets that both leave open are closed. Raises DatasetUnusable where fewer
    than two samples are left.
    """
    check_output(settings.output_path)
    count = token_counter(settings.tokeniser)
    report(Progressed("Reading samples", 0, len(settings.samples)))
    dropped: Counter[str] = Counter()
    rows = list(_rows(settings, dropped))
    kept = without_near_duplicates([row.text for row in rows], report)
    dropped["nearly the same"] = len(rows) - len(kept)
    if len(kept) < 2:
        why = ", ".join(f"{reason} ({count})" for reason, count in dropped.most_common() if count)
        raise DatasetUnusable(
            f"{len(kept)} of {len(settings.samples)} samples is left, and at least two are needed, one to train on and "
            f"one to validate on{f'; left out: {why}' if why else ''}. Give more samples."
        )
    training, validation, split_by = split([rows[place] for place in kept])
    training += augmented(training, settings.augmentation.chosen, settings.seed, report)
    counted = count([*training, *validation], report)
    report(Progressed("Writing the dataset"))
    card = _card(settings, (training, validation, split_by), dropped, counted)
    write_dataset(settings.output_path, training, validation, card)
    return card


def _rows(settings: CurationSettings, dropped: Counter[str]) -> Iterator[Row]:
    for number, sample in enumerate(settings.samples, 1):
        text = _complete(sample)
        if sample.quality_score < settings.quality_threshold:
            dropped["quality"] += 1
        elif not text:
            dropped["does not parse"] += 1
        else:
            yield Row(CRATE, f"sample_{number}.rs", settings.licence or OWN_CODE, _ORIGIN, text)


def _complete(sample: Sample) -> str:
    """Return input and output as one text that parses, or ""."""
    between = "" if not sample.input or sample.input.endswith((" ", "\n")) else "\n"
    text = f"{sample.input}{between}{sample.output}".replace("\r\n", "\n").rstrip() + "\n"
    for closing in range(_MOST_MISSING):
        closed = text + "}\n" * closing
        try:
            if not parse_rust(closed.encode()).root_node.has_error:
                return closed
        except (NotAnalysable, UnicodeEncodeError):
            return ""
    return ""


def _card(
    settings: CurationSettings,
    sides: tuple[list[Row], list[Row], str],
    dropped: Counter[str],
    counted: TokenCount,
) -> Card:
    training, validation, split_by = sides
    quality = [0] * STEPS
    for sample in settings.samples:
        quality[step_of(sample.quality_score)] += 1
    rows = (*training, *validation)
    return Card(
        name=settings.name or settings.output_path.name,
        kind="curated",
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        task_type=settings.task_type,
        split_by=split_by,
        own_code=not settings.licence,
        # The samples themselves lie beside the card, as rows.
        settings={name: value for name, value in to_json(settings).items() if name != "samples"},
        found=len(settings.samples),
        dropped={reason: count for reason, count in dropped.most_common() if count},
        quality=tuple(quality),
        crates=(Crate(CRATE, "", settings.licence or OWN_CODE),),
        training=len(training),
        validation=len(validation),
        training_bytes=text_bytes(training),
        validation_bytes=text_bytes(validation),
        licences=licences(rows),
        augmentations=augmentations(rows),
        **asdict(counted),
    )
