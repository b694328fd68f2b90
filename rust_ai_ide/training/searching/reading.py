"""Reads a space from a file of TOML or JSON, and checks it before any time is spent on it."""

import json
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from rust_ai_ide.runtime.hardware import Machine
from rust_ai_ide.training.finetuning.base import Base
from rust_ai_ide.training.finetuning.config import FinetuneConfig
from rust_ai_ide.training.finetuning.presets import fitted
from rust_ai_ide.training.finetuning.validation import Problem, validate_training_config
from rust_ai_ide.training.searching.errors import SearchRefused
from rust_ai_ide.training.searching.space import (
    OF_ADAPTERS,
    SEARCHABLE,
    Choice,
    Range,
    Space,
    applied,
    is_whole,
)

_KEYS = {"low", "high", "log", "points"}
_MOST_POINTS = 1000


def read_space(file: Path) -> dict[str, Range | Choice]:
    """Return the space in a file: TOML where its name ends with .toml, else JSON. Raises SearchRefused."""
    try:
        text = file.read_text(encoding="utf-8")
        values = tomllib.loads(text) if file.suffix == ".toml" else json.loads(text)
    except OSError as error:
        raise SearchRefused(f"{file} cannot be read: {error.strerror}.") from error
    except (ValueError, RecursionError) as error:
        raise SearchRefused(f"{file} is neither JSON nor, with the ending .toml, TOML.") from error
    return space_from(values)


def space_from(values: object) -> dict[str, Range | Choice]:
    """Return a space from plain values: a list for choices, or low, high, log and points. Raises SearchRefused."""
    if not isinstance(values, dict) or not values:
        raise SearchRefused(
            'The space names no setting; write for instance {"rate": {"low": 1e-5, "high": 1e-3}}.'
        )
    _refuse(problem for name in values for problem in _unknown(str(name)))
    return {name: _part(name, value) for name, value in values.items()}


def check_space(space: Space, config: FinetuneConfig, base: Base, machine: Machine) -> None:
    """Raise SearchRefused with all that cannot be tried with these settings, this base and this machine."""
    _refuse(_problems(space, config, base, machine))


def _problems(space: Space, config: FinetuneConfig, base: Base, machine: Machine) -> Iterator[Problem]:
    if config.minutes or not config.steps:
        yield Problem(
            "minutes", f"{config.minutes:g}", "Give steps, so that every trial is as long as the others."
        )
    for name, part in space.items():
        yield from _unknown(name)
        if name in OF_ADAPTERS and config.method != "lora":
            yield Problem(
                name, "in the space", "Only an adapter has it; choose the method lora or leave it out."
            )
            continue
        for value in part.ends:
            tried = fitted(applied(config, {name: value}), base.shape, machine.memory_available)
            found = validate_training_config(tried, base, machine)
            yield from (Problem(name, f"{value:g}", problem.remedy) for problem in found)


def _unknown(name: str) -> Iterator[Problem]:
    if name not in SEARCHABLE:
        yield Problem(name[:40], "in the space", f"Search some of {', '.join(SEARCHABLE)}.")


def _part(name: str, value: object) -> Range | Choice:
    if isinstance(value, list):
        return _choice(name, value)
    if not isinstance(value, dict):
        raise _refused(name, value, "Give a list of values, or low and high.")
    if unknown := sorted(map(str, value.keys() - _KEYS)):
        raise _refused(
            name, unknown[0], f"Give low, high, log and points; {unknown[0][:40]} is none of these."
        )
    return _range(name, value)


def _choice(name: str, values: list[Any]) -> Choice:
    for value in values:
        if not _is_number(value, whole=is_whole(name)):
            raise _refused(name, value, f"Choose among {_kind(name)} numbers.")
    if not values or len(set(values)) < len(values):
        raise _refused(name, values, "Give at least one value, and each once.")
    return Choice(tuple(values))


def _range(name: str, value: Mapping[str, Any]) -> Range:
    low, high = value.get("low"), value.get("high")
    for end in (low, high):
        if not _is_number(end, whole=is_whole(name)):
            raise _refused(name, end, f"Give low and high as {_kind(name)} numbers.")
    assert low is not None
    assert high is not None
    if not low < high:
        raise _refused(name, low, f"Give a low that is below the high of {high:g}, or a list of one value.")
    log, points = value.get("log", False), value.get("points", 3)
    if not isinstance(log, bool) or (log and low <= 0):
        raise _refused(
            name, log if log is not True else low, "Let log be true or false, and low above 0 with it."
        )
    if not _is_number(points, whole=True) or not 2 <= points <= _MOST_POINTS:
        raise _refused(name, points, f"Give 2 to {_MOST_POINTS:,} points.")
    return Range(low, high, log, points)


def _is_number(value: object, *, whole: bool) -> bool:
    kinds = (int,) if whole else (int, float)
    return isinstance(value, kinds) and not isinstance(value, bool) and abs(value) < float("inf")


def _kind(name: str) -> str:
    return "whole" if is_whole(name) else "finite"


def _refused(name: str, value: object, remedy: str) -> SearchRefused:
    return SearchRefused(f"{name} is {str(value)[:40]}: {remedy}")


def _refuse(problems: Iterator[Problem]) -> None:
    # Both ends of a range may have the same problem.
    told = dict.fromkeys(f"{problem.field} is {problem.value}: {problem.remedy}" for problem in problems)
    if told:
        raise SearchRefused(" ".join(told))
