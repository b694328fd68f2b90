"""What a dataset is to be made of; the names of JSON are those of the interface, in camel case."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any, TypeVar

from rust_ai_ide.training.datasets.errors import InvalidDatasetSettings

T = TypeVar("T")
LARGEST_FILE = 4 * 1024 * 1024
"""What the parser takes, in bytes; no file is read beyond it."""


@dataclass(frozen=True, slots=True)
class Filters:
    """Which files are taken. Sizes are bytes of a file; `max_samples` None is all of them."""

    min_file_size: int = 200
    max_file_size: int = 200_000
    allowed_extensions: tuple[str, ...] = ("rs",)
    quality_threshold: float = 0.7
    include_tests: bool = False
    max_samples: int | None = None

    def __post_init__(self) -> None:
        """Raise InvalidDatasetSettings for what cannot be."""
        if not 1 <= self.min_file_size <= self.max_file_size <= LARGEST_FILE:
            raise InvalidDatasetSettings(
                f"The sizes of files must be from 1 to {LARGEST_FILE:,} bytes, the least below the most.",
                "minFileSize",
            )
        if not self.allowed_extensions or not all(each.isalnum() for each in self.allowed_extensions):
            raise InvalidDatasetSettings(
                "Name extensions by letters and digits, such as rs.", "allowedExtensions"
            )
        if not 0 <= self.quality_threshold <= 1:
            raise InvalidDatasetSettings("The quality threshold is from 0 to 1.", "qualityThreshold")
        if self.max_samples is not None and self.max_samples < 2:
            raise InvalidDatasetSettings(
                "At least two samples are needed: one to train on, one to validate on.", "maxSamples"
            )


@dataclass(frozen=True, slots=True)
class Augmentation:
    """Which changed copies are added to the texts to train on."""

    variable_renaming: bool = False
    comment_removal: bool = False
    function_extraction: bool = False
    pattern_variations: bool = False

    @property
    def chosen(self) -> tuple[str, ...]:
        """Return the chosen ones, by the names that the rows of a dataset have."""
        return tuple(camel(name) for name, wanted in asdict(self).items() if wanted)


@dataclass(frozen=True, slots=True)
class PreparationSettings:
    """What `prepare_dataset` needs.

    `source_paths` are folders, bare git repositories, files, or patterns with `*` and `**`. With `own_code` licences
    are not judged: the user says that the code is theirs. `name` is the output folder's where it is "". `tokeniser` is
    the model whose tokeniser counts tokens, "" for the shipped one, "none" for no count.
    """

    source_paths: tuple[str, ...]
    output_path: Path
    task_type: str = "CodeCompletion"
    filters: Filters = Filters()
    augmentation: Augmentation = Augmentation()
    own_code: bool = False
    seed: int = 0
    name: str = ""
    tokeniser: str = ""


@dataclass(frozen=True, slots=True)
class Sample:
    """One written example: `output` follows `input`; `quality_score` is from 0 to 1."""

    input: str
    output: str
    task_type: str = "Completion"
    quality_score: float = 1.0


@dataclass(frozen=True, slots=True)
class CurationSettings:
    """What `create_curated_dataset` needs, besides the same; samples below `quality_threshold` are left out."""

    samples: tuple[Sample, ...]
    output_path: Path
    task_type: str = "CodeCompletion"
    augmentation: Augmentation = Augmentation()
    quality_threshold: float = 0.0
    licence: str = ""
    seed: int = 0
    name: str = ""
    tokeniser: str = ""


def camel(name: str) -> str:
    """Return the name that JSON has for a field."""
    first, *rest = name.split("_")
    return first + "".join(part.title() for part in rest)


def to_json(value: object) -> Any:
    """Return settings as JSON has them."""
    if hasattr(value, "__dataclass_fields__"):
        each = {field.name: getattr(value, field.name) for field in fields(value)}  # type: ignore[arg-type]
        return {camel(name): to_json(inner) for name, inner in each.items()}
    if isinstance(value, list | tuple):
        return [to_json(inner) for inner in value]
    return str(value) if isinstance(value, Path) else value


def read_samples(data: object) -> tuple[Sample, ...]:
    """Read samples from JSON: a list of objects with input, output, task_type, quality_score."""
    if not isinstance(data, Sequence) or isinstance(data, str) or not data:
        raise InvalidDatasetSettings("Samples are a list of objects with input and output.", "samples")
    return tuple(_sample(each, number) for number, each in enumerate(data, 1))


def _sample(data: object, number: int) -> Sample:
    where = f"Sample {number}"
    if not isinstance(data, Mapping) or not data.keys() <= {field.name for field in fields(Sample)}:
        raise InvalidDatasetSettings(
            f"{where} must be an object with input, output, task_type and quality_score alone.", "samples"
        )
    score = data.get("quality_score", 1.0)
    if isinstance(score, bool) or not isinstance(score, int | float) or not 0 <= score <= 1:
        raise InvalidDatasetSettings(f"{where}: quality_score must be from 0 to 1.", "samples")
    text: Callable[[str, str], str] = lambda name, default: _text(data.get(name, default), where, name)  # noqa: E731
    return Sample(text("input", ""), text("output", ""), text("task_type", "Completion"), float(score))


def _text(value: object, where: str, name: str) -> str:
    if not isinstance(value, str) or (name == "output" and not value.strip()):
        raise InvalidDatasetSettings(f"{where}: {name} must be a text.", "samples")
    return value
