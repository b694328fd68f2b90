"""Reads what somebody says of an architecture, from words and from the form that JSON has."""

import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from rust_ai_ide.architecture.advice.model import BETTER_CODE, GOALS, SCALE, Asked
from rust_ai_ide.errors import RustAiIdeError

_LARGEST = 1024 * 1024
_KEYS = frozenset({"currentArchitecture", "constraints", "goals"})
_CURRENT = frozenset({"layers", "technologies", "patterns"})
_TIME = re.compile(r"(\d+(?:\.\d+)?)[ _-]?(week|month|year)s?")
_MONTHS = {"week": 12 / 52, "month": 1.0, "year": 12.0}
_LEVELS = ("low", "medium", "high")
# What is wanted as a limit is a goal, too, where it is to be high.
_GOAL_OF = {"scalability": SCALE, "maintainability": BETTER_CODE}
_CONSTRAINTS = ("team_size", "timeline", *_GOAL_OF)


class NotUnderstood(RustAiIdeError):
    """What somebody says of an architecture cannot be read."""


def asked_of(
    layers: Iterable[str] = (),
    technologies: Iterable[str] = (),
    patterns: Iterable[str] = (),
    constraints: Iterable[str] = (),
    goals: Iterable[str] = (),
) -> Asked:
    """Return what was said in words, such as the constraint "team_size: 10". Raises NotUnderstood."""
    wanted = list(goals)
    for goal in wanted:
        if goal not in GOALS:
            raise NotUnderstood(f"No advice serves the goal “{goal}”; there are {', '.join(GOALS)}.")
    team_size, months = None, None
    for constraint in constraints:
        name, _, value = (part.strip() for part in constraint.partition(":"))
        if name == "team_size" and value.isdecimal():
            team_size = int(value)
        elif name == "timeline" and (found := _TIME.fullmatch(value)):
            months = float(found[1]) * _MONTHS[found[2]]
        elif name in _GOAL_OF and value in _LEVELS:
            wanted += [_GOAL_OF[name]] if value == "high" else []
        else:
            raise NotUnderstood(
                f"The constraint “{constraint}” is not understood; write {', '.join(_CONSTRAINTS)} with a value, such "
                "as “team_size: 10”, “timeline: 6_months” or “scalability: high”."
            )
    named = tuple(name.strip().lower().replace("_", "-") for name in patterns)
    return Asked(tuple(layers), tuple(technologies), named, team_size, months, tuple(dict.fromkeys(wanted)))


def read_asked(file: Path) -> Asked:
    """Return what a file of JSON says: `currentArchitecture`, `constraints` and `goals`. Raises NotUnderstood."""
    try:
        with file.open("rb") as opened:
            document = json.loads(opened.read(_LARGEST))
    except OSError as error:
        raise NotUnderstood(f"{file} cannot be read: {error.strerror}.") from error
    except (ValueError, RecursionError) as error:
        raise NotUnderstood(f"{file} is not JSON: {error}.") from error
    whole = _table(document, _KEYS, "The file")
    current = _table(whole.get("currentArchitecture", {}), _CURRENT, "`currentArchitecture`")
    texts = {key: _texts(current, key) for key in sorted(_CURRENT)}
    return asked_of(**texts, constraints=_texts(whole, "constraints"), goals=_texts(whole, "goals"))


def _table(value: Any, known: frozenset[str], what: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise NotUnderstood(f"{what} must be a table.")
    unknown = sorted(value.keys() - known)
    if unknown:
        raise NotUnderstood(f"{what} has no key `{unknown[0]}`; there are {', '.join(sorted(known))}.")
    return value


def _texts(table: dict[str, Any], key: str) -> list[str]:
    value = table.get(key, [])
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise NotUnderstood(f"`{key}` must be a list of texts.")
    return value
