"""Reads the table `[architecture]` of a project's settings."""

import tomllib
from typing import Any

from rust_ai_ide.architecture.rules import Forbidden, Pattern, Rules
from rust_ai_ide.errors import RustAiIdeError

TABLE = "architecture"
_KEYS = frozenset({"layers", "forbidden", "cycles"})
_FORBIDDEN_KEYS = frozenset({"from", "to", "because"})
_CYCLES = {"allow": False, "forbid": True}
_BESIDE = "|"


class RulesInvalid(RustAiIdeError):
    """The rules of the architecture say something that is not understood."""


def rules_from_toml(text: str) -> Rules:
    """Return the rules that a settings file gives, none where it has no such table. Raises RulesInvalid."""
    try:
        table = tomllib.loads(text).get(TABLE, {})
    except tomllib.TOMLDecodeError as error:
        raise RulesInvalid(f"The settings are not TOML: {error}.") from error
    if not isinstance(table, dict):
        raise RulesInvalid(f"`{TABLE}` must be a table.")
    _check_keys(table, _KEYS, f"[{TABLE}]")
    cycles = table.get("cycles", "allow")
    if cycles not in _CYCLES:
        raise RulesInvalid('`cycles` must be "allow" or "forbid".')
    return Rules(_layers(table.get("layers", [])), _forbidden(table.get("forbidden", [])), _CYCLES[cycles])


def _layers(value: Any) -> tuple[tuple[Pattern, ...], ...]:
    if not isinstance(value, list):
        raise RulesInvalid("`layers` must be a list of module paths, the highest first.")
    return tuple(tuple(_pattern(part, "layers") for part in _parts(row)) for row in value)


def _parts(row: Any) -> list[str]:
    if not isinstance(row, str):
        raise RulesInvalid("`layers` must be a list of module paths, the highest first.")
    return row.split(_BESIDE)


def _forbidden(value: Any) -> tuple[Forbidden, ...]:
    if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
        raise RulesInvalid(f"`forbidden` must be tables: write [[{TABLE}.forbidden]].")
    found = []
    for one in value:
        _check_keys(one, _FORBIDDEN_KEYS, f"[[{TABLE}.forbidden]]")
        source, target = (_pattern(one.get(key), key) for key in ("from", "to"))
        because = one.get("because", "")
        if not isinstance(because, str):
            raise RulesInvalid("`because` must be text.")
        found.append(Forbidden(source, target, because))
    return tuple(found)


def _pattern(value: Any, key: str) -> Pattern:
    text = value.strip() if isinstance(value, str) else ""
    if not text or any(not name.strip() for name in text.split("::")):
        raise RulesInvalid(f"`{key}` needs the path of a module, such as `shop::cart`.")
    return Pattern(text)


def _check_keys(table: dict[str, Any], known: frozenset[str], where: str) -> None:
    unknown = sorted(table.keys() - known)
    if unknown:
        raise RulesInvalid(f"{where} has no key `{unknown[0]}`; there are {', '.join(sorted(known))}.")
