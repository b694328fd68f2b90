"""Reads a decision from TOML or JSON."""

import json
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rust_ai_ide.architecture.decisions.decision import Alternative, Criterion, Decision, DecisionInvalid

_LARGEST = 1024 * 1024
_DECISION_KEYS = frozenset({"title", "decision", "context", "drivers", "criteria", "alternatives"})
_CRITERION_KEYS = frozenset({"name", "weight", "worst", "best", "levels", "options"})
_ALTERNATIVE_KEYS = frozenset({"name", "pros", "cons", "ratings"})


def read_decision(file: Path) -> Decision:
    """Return the decision that a file of TOML, or of JSON where its name ends so, holds. Raises DecisionInvalid."""
    try:
        with file.open("rb") as opened:
            content = opened.read(_LARGEST + 1)
    except OSError as error:
        raise DecisionInvalid(f"{file} cannot be read: {error.strerror}.") from error
    if len(content) > _LARGEST:
        raise DecisionInvalid(f"{file} is larger than 1 MB.")
    is_json = file.suffix == ".json"
    try:
        text = content.decode("utf-8")
        document = json.loads(text) if is_json else tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise DecisionInvalid(f"{file} is not {'JSON' if is_json else 'TOML'}: {error}.") from error
    return decision_of(document)


def decision_from_toml(text: str) -> Decision:
    """Return the decision that a text of TOML describes. Raises DecisionInvalid."""
    if len(text) > _LARGEST:
        raise DecisionInvalid("The text is longer than 1 MB.")
    try:
        document = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise DecisionInvalid(f"This is not TOML: {error}.") from error
    return decision_of(document)


def decision_of(document: Any) -> Decision:
    """Return the decision that tables and lists describe, as TOML and JSON give them. Raises DecisionInvalid.

    `decision` may stand for `title`, and `options` for `levels`. A rating may be the name of a level.
    """
    table = _table(document, _DECISION_KEYS, "The decision")
    criteria = tuple(_criterion(one) for one in _list(table, "criteria"))
    by_name = {criterion.name: criterion for criterion in criteria}
    return Decision(
        _text(table, "title") or _text(table, "decision"),
        criteria,
        tuple(_alternative(one, by_name) for one in _list(table, "alternatives")),
        _text(table, "context"),
        _texts(table, "drivers"),
    )


def _criterion(value: Any) -> Criterion:
    table = _table(value, _CRITERION_KEYS, "A criterion")
    name = _text(table, "name")
    levels = table.get("levels", table.get("options", {}))
    if not isinstance(levels, dict):
        raise DecisionInvalid(f"The levels of “{name}” must be names with numbers.")
    return Criterion(
        name,
        _number(table.get("weight", 1), f"The weight of “{name}”"),
        _number(table.get("worst", 0), f"The worst rating by “{name}”"),
        _number(table.get("best", 1), f"The best rating by “{name}”"),
        {level: _number(rating, f"The level “{level}” of “{name}”") for level, rating in levels.items()},
    )


def _alternative(value: Any, criteria: Mapping[str, Criterion]) -> Alternative:
    table = _table(value, _ALTERNATIVE_KEYS, "An alternative")
    name = _text(table, "name")
    ratings = table.get("ratings", {})
    if not isinstance(ratings, dict):
        raise DecisionInvalid(f"The ratings of “{name}” must be names of criteria with numbers.")
    read = {}
    for criterion, rating in ratings.items():
        levels = criteria[criterion].levels if criterion in criteria else {}
        if isinstance(rating, str) and rating not in levels:
            raise DecisionInvalid(
                f"“{name}” is rated “{rating}”, but “{rating}” is no level of “{criterion}”."
            )
        rating = levels[rating] if isinstance(rating, str) else rating
        read[criterion] = _number(rating, f"The rating of “{name}” by “{criterion}”")
    return Alternative(name, read, _texts(table, "pros"), _texts(table, "cons"))


def _table(value: Any, known: frozenset[str], what: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise DecisionInvalid(f"{what} must be a table.")
    unknown = sorted(map(str, value.keys() - known))
    if unknown:
        raise DecisionInvalid(f"{what} has no key `{unknown[0]}`; there are {', '.join(sorted(known))}.")
    return value


def _list(table: dict[str, Any], key: str) -> list[Any]:
    value = table.get(key, [])
    if not isinstance(value, list):
        raise DecisionInvalid(f"`{key}` must be a list.")
    return value


def _text(table: dict[str, Any], key: str) -> str:
    value = table.get(key, "")
    if not isinstance(value, str):
        raise DecisionInvalid(f"`{key}` must be text.")
    return value.strip()


def _texts(table: dict[str, Any], key: str) -> tuple[str, ...]:
    value = table.get(key, [])
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise DecisionInvalid(f"`{key}` must be a list of texts.")
    return tuple(one.strip() for one in value)


def _number(value: Any, what: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise DecisionInvalid(f"{what} must be a number.")
    try:
        return float(value)
    except OverflowError as error:
        raise DecisionInvalid(f"{what} is too large.") from error
