"""Turns rules written for ast-grep, or in an older form, into those of this product, and tells what became of each."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from rust_ai_ide.review.custom.reading import CustomRuleInvalid, read_custom_rules
from rust_ai_ide.review.custom.rules import CustomRule

_LEVELS = {
    "hint": "info",
    "note": "info",
    "off": "info",
    "low": "info",
    "warn": "warning",
    "medium": "warning",
    "high": "error",
    "fatal": "critical",
}
_CAMEL = {"autoFixable": "auto_fixable", "level": "severity", "id": "name", "note": "suggestion"}
_NOT_NAME = re.compile(r"[^a-z0-9_-]+")
_METAVARIABLE = re.compile(r"\$\$?\$?[A-Z_]")


@dataclass(frozen=True)
class Imported:
    """The rules that could be read, and a sentence for each thing that was changed or left out."""

    rules: tuple[CustomRule, ...]
    report: tuple[str, ...]


def import_rules(file: Path) -> Imported:
    """Read a file of rules: YAML of ast-grep, or JSON or YAML of a list of rules. Raises CustomRuleInvalid."""
    import yaml

    try:
        text = file.read_text(encoding="utf-8")
        documents = [json.loads(text)] if file.suffix == ".json" else list(yaml.safe_load_all(text))
    except OSError as error:
        raise CustomRuleInvalid(f"{file} cannot be read: {error.strerror}.") from error
    except (ValueError, yaml.YAMLError, RecursionError) as error:
        raise CustomRuleInvalid(f"{file} is neither JSON nor YAML: {str(error).splitlines()[0]}.") from error
    report: list[str] = []
    rules: list[CustomRule] = []
    for number, entry in enumerate(_entries(documents), 1):
        table = _table(entry, number, report)
        if table is None:
            continue
        try:
            rules += read_custom_rules([table])
        except CustomRuleInvalid as error:
            report.append(f"{table['name']} was left out: {error}")
    return Imported(tuple(rules), tuple(report))


def to_toml(rules: tuple[CustomRule, ...]) -> str:
    """Return the tables of rules, as they stand in the settings."""
    defaults = {field.name: field.default for field in fields(CustomRule)}
    parts = []
    for rule in rules:
        rows = ["[[review.custom_rules]]"]
        for name in defaults:
            value = getattr(rule, name)
            if value != defaults[name]:
                rows.append(f"{name} = {_toml(json.loads(value) if name == 'rule' else value)}")
        parts.append("\n".join(rows))
    return "\n\n".join(parts) + ("\n" if parts else "")


def _entries(documents: list[Any]) -> Iterator[Any]:
    for document in documents:
        if isinstance(document, Mapping) and isinstance(document.get("rules"), list):
            document = document["rules"]
        if isinstance(document, list):
            yield from document
        elif document is not None:
            yield document


def _table(entry: Any, number: int, report: list[str]) -> dict[str, Any] | None:
    if not isinstance(entry, Mapping):
        report.append(f"Entry {number} was left out: it is no rule.")
        return None
    language = str(entry.get("language", "rust")).lower()
    given = {_CAMEL.get(str(key), str(key)): value for key, value in entry.items()}
    name = _name(str(given.get("name") or f"rule_{number}"))
    if language not in ("rust", "rs"):
        report.append(f"{name} was left out: it is for {language}.")
        return None
    if "level" in entry:
        report.append(f"{name}: `level` is `severity` now.")
    table = {key: given[key] for key in _KNOWN if given.get(key) not in (None, "")}
    table["name"] = name
    for key in ("severity", "category"):
        if key in table:
            table[key] = _LEVELS.get(str(table[key]).lower(), str(table[key]).lower())
    beside = {key: given[key] for key in ("constraints", "utils") if key in given}
    if beside and "rule" in table:
        table["rule"] = {"rule": table["rule"], **beside}
    pattern = table.get("pattern")
    if isinstance(pattern, str) and "regex" not in table and not _METAVARIABLE.search(pattern):
        # The older form knew regular expressions alone.
        table["regex"] = table.pop("pattern")
        report.append(f"{name}: `pattern` holds no metavariable, so it was taken as a regular expression.")
    if isinstance(table.get("fix"), str) and "auto_fixable" not in table:
        table["auto_fixable"] = True
    table.setdefault("message", name.replace("_", " "))
    unknown = sorted(set(given) - set(_KNOWN) - {"language", "constraints", "utils"})
    if unknown:
        report.append(f"{name}: {', '.join(unknown)} was left out.")
    return table


_KNOWN = tuple(field.name for field in fields(CustomRule))


def _name(text: str) -> str:
    name = _NOT_NAME.sub("_", text.lower()).strip("_-")
    return name if name[:1].isalpha() else f"rule_{name}"


def _toml(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{json.dumps(key)} = {_toml(one)}" for key, one in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(map(_toml, value)) + "]"
    # JSON's strings are TOML's basic strings but for one character.
    return json.dumps(str(value), ensure_ascii=False).replace("\x7f", "\\u007f")
