"""How an answer is sampled: the parameters of a request, checked."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rust_ai_ide.runtime.errors import InvalidConfig

MOST_STOPS = 16
MOST_STOP_LENGTH = 200
MOST_TOKENS = 32_768


@dataclass(frozen=True)
class InferenceParams:
    """`temperature` 0 takes the likeliest token each time; `top_k` 0 means no bound; `stop` are texts that end it.

    There is no seed: CTranslate2 seeds each thread once, when the thread first samples.
    """

    max_tokens: int = 64
    temperature: float = 0.0
    top_p: float = 1.0
    top_k: int = 0
    repetition_penalty: float = 1.0
    stop: tuple[str, ...] = ()


def read_parameters(values: Mapping[str, Any], defaults: InferenceParams) -> InferenceParams:
    """Return the parameters among the values of a request. Raises InvalidConfig that names the field."""
    top_k = _whole(values, "top_k", defaults.top_k, least=-1, most=1_000_000)
    return InferenceParams(
        max_tokens=_whole(values, "max_tokens", defaults.max_tokens, least=1, most=MOST_TOKENS),
        temperature=_real(values, "temperature", defaults.temperature, least=0, most=2),
        top_p=_real(values, "top_p", defaults.top_p, least=0, most=1),
        top_k=max(0, top_k),
        repetition_penalty=_real(
            values, "repetition_penalty", defaults.repetition_penalty, least=0.1, most=10
        ),
        stop=_stops(values.get("stop")),
    )


def _whole(values: Mapping[str, Any], name: str, default: int, *, least: int, most: int) -> int:
    value = values.get(name)
    if value is None:
        return default
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise InvalidConfig(
            f"{name} must be a whole number from {least:,} to {most:,}, not {_shown(value)}.", name
        )
    return value


def _real(values: Mapping[str, Any], name: str, default: float, *, least: float, most: float) -> float:
    value = values.get(name)
    if value is None:
        return default
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        raise InvalidConfig(f"{name} must be a number from {least:g} to {most:g}, not {_shown(value)}.", name)
    if not least <= value <= most:
        raise InvalidConfig(f"{name} must be from {least:g} to {most:g}, not {_shown(value)}.", name)
    return float(value)


def _stops(value: Any) -> tuple[str, ...]:
    if value is None:
        return ()
    stops = [value] if isinstance(value, str) else value
    if not isinstance(stops, list) or not all(isinstance(stop, str) for stop in stops):
        raise InvalidConfig("stop must be a text or a list of texts.", "stop")
    if len(stops) > MOST_STOPS or any(len(stop) > MOST_STOP_LENGTH for stop in stops):
        raise InvalidConfig(
            f"stop may hold {MOST_STOPS} texts of {MOST_STOP_LENGTH} characters at most.", "stop"
        )
    return tuple(stop for stop in stops if stop)


def _shown(value: Any) -> str:
    return repr(value)[:40]
