"""What was measured of a model before and after its weights were quantised."""

import math
from dataclasses import dataclass, fields
from typing import Any

from rust_ai_ide.runtime.errors import InvalidConfig

MOST = 8


@dataclass(frozen=True)
class Figures:
    """Bytes on the disk and resident after loading; milliseconds to the first token after a prompt of `prompt_tokens`.

    `bits_per_byte` is what the model needs to write a fixed Rust text: less is better.
    """

    quantisation: str
    size: int
    memory: int
    prompt_tokens: int
    first_token: float
    tokens_per_second: float
    bits_per_byte: float


def read_figures(value: Any, where: str) -> tuple[Figures, ...]:
    """Return the figures in a manifest. Raises InvalidConfig where they are none."""
    if value is None:
        return ()
    try:
        found = tuple(Figures(**item) for item in value)
    except TypeError as error:
        raise _refused(where) from error
    numbers = [getattr(item, field.name) for item in found for field in fields(Figures)[1:]]
    named = all(isinstance(item.quantisation, str) for item in found)
    if len(found) > MOST or not named or not all(map(_is_amount, numbers)):
        raise _refused(where)
    return found


def _is_amount(value: Any) -> bool:
    return type(value) in {int, float} and math.isfinite(value) and value >= 0


def _refused(where: str) -> InvalidConfig:
    return InvalidConfig(f"{where} does not hold measurements in figures.", "figures")
