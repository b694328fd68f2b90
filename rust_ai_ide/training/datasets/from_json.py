"""Reads the settings of datasets from JSON, refusing what cannot be by the name of its field."""

from collections.abc import Callable, Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any, TypeVar

from rust_ai_ide.training.datasets.errors import InvalidDatasetSettings
from rust_ai_ide.training.datasets.settings import (
    Augmentation,
    CurationSettings,
    Filters,
    PreparationSettings,
    camel,
    read_samples,
)

T = TypeVar("T")


def read_preparation(data: object) -> PreparationSettings:
    """Read what `prepare_dataset` needs. Raises InvalidDatasetSettings."""
    return _read(PreparationSettings, data, "The settings")


def read_curation(data: object) -> CurationSettings:
    """Read what `create_curated_dataset` needs. Raises InvalidDatasetSettings."""
    return _read(CurationSettings, data, "The settings")


def _read(kind: type[T], data: object, what: str) -> T:
    if not isinstance(data, Mapping):
        raise InvalidDatasetSettings(f"{what} must be an object.", what)
    names = {camel(field.name): field for field in fields(kind)}  # type: ignore[arg-type]
    unknown = next((name for name in data if name not in names), None)
    if unknown is not None:
        raise InvalidDatasetSettings(
            f"There is no setting {unknown}; there are {', '.join(names)}.", str(unknown)
        )
    needed = [name for name in ("sourcePaths", "samples", "outputPath") if name in names]
    missing = next((name for name in needed if name not in data), None)
    if missing is not None:
        raise InvalidDatasetSettings(f"{what} must have {missing}.", missing)
    return kind(
        **{names[name].name: _READERS[str(names[name].type)](value, name) for name, value in data.items()}
    )


def _checked(kind: type | tuple[type, ...], said: str) -> Callable[[Any, str], Any]:
    def read(value: Any, name: str) -> Any:
        # In Python a truth value is a number, too; in settings it is a mistake.
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
            raise InvalidDatasetSettings(f"{name} must be {said}.", name)
        return value

    return read


def _texts(value: Any, name: str) -> tuple[str, ...]:
    if not isinstance(value, list) or not value or not all(isinstance(each, str) and each for each in value):
        raise InvalidDatasetSettings(f"{name} must be a list of texts.", name)
    return tuple(value)


_text = _checked(str, "a text")
_number = _checked(int, "a whole number")
_READERS: dict[str, Callable[[Any, str], Any]] = {
    "<class 'str'>": _text,
    "<class 'int'>": _number,
    "<class 'float'>": _checked((int, float), "a number"),
    "<class 'bool'>": _checked(bool, "true or false"),
    "int | None": lambda value, name: None if value is None else _number(value, name),
    "tuple[str, ...]": _texts,
    "<class 'pathlib.Path'>": lambda value, name: Path(_text(value, name)).expanduser(),
    f"{Filters}": lambda value, name: _read(Filters, value, name),
    f"{Augmentation}": lambda value, name: _read(Augmentation, value, name),
    "tuple[rust_ai_ide.training.datasets.settings.Sample, ...]": lambda value, _: read_samples(value),
}
