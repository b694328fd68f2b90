"""Reads rules of a project's own from its settings, refusing what cannot work."""

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from rust_ai_ide.errors import RustAiIdeError
from rust_ai_ide.review.custom.rules import CustomRule
from rust_ai_ide.review.findings import Category, Severity

_NAME = re.compile(r"[a-z][a-z0-9_-]{0,79}")
_WAYS = ("regex", "pattern", "rule")
MOST_RULES = 500


class CustomRuleInvalid(RustAiIdeError):
    """A rule of a project's own says something that is not understood."""


def read_custom_rules(tables: object) -> tuple[CustomRule, ...]:
    """Read the tables of `[[review.custom_rules]]`. Raises CustomRuleInvalid that names the rule and the remedy."""
    if not isinstance(tables, list) or not all(isinstance(table, Mapping) for table in tables):
        raise CustomRuleInvalid("custom_rules must be tables: write [[review.custom_rules]] above each.")
    if len(tables) > MOST_RULES:
        raise CustomRuleInvalid(f"There are {len(tables):,} custom rules; {MOST_RULES} are the most.")
    rules = tuple(_rule(table) for table in tables)
    names = [rule.name for rule in rules]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise CustomRuleInvalid(f"Two custom rules are named {twice}; give one another name.")
    return rules


def _rule(table: Mapping[str, Any]) -> CustomRule:
    name = table.get("name")
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise CustomRuleInvalid(
            f"A custom rule is named {name!r}; use lower case letters, digits, _ and -, a letter first."
        )
    unknown = next((key for key in table if key not in _READERS), None)
    if unknown is not None:
        raise CustomRuleInvalid(
            f"The custom rule {name} has {unknown}, which is not known; there are {', '.join(_READERS)}."
        )
    values = {key: _READERS[key](name, key, value) for key, value in table.items()}
    if len([way for way in _WAYS if values.get(way)]) != 1:
        raise CustomRuleInvalid(f"The custom rule {name} needs one of regex, pattern and rule.")
    if not values.get("message"):
        raise CustomRuleInvalid(f"The custom rule {name} needs a message.")
    if values.get("auto_fixable") and "fix" not in values:
        raise CustomRuleInvalid(f"The custom rule {name} is auto_fixable, but has no fix.")
    _check_builtin(name)
    rule = CustomRule(**{"category": Category.STYLE, "severity": Severity.WARNING, **values})
    if rule.regex:
        compiled(rule)
    return rule


def compiled(rule: CustomRule) -> Any:
    """Return the compiled regular expression of a rule. Raises CustomRuleInvalid."""
    import re2

    options = re2.Options()
    options.log_errors = False
    options.never_nl = False
    try:
        return re2.compile(rule.regex.encode(), options=options)
    except re2.error as error:
        said = error.args[0].decode(errors="replace") if error.args else "it cannot be read"
        raise CustomRuleInvalid(
            f"The regex of the custom rule {rule.name} cannot be used: {said}."
        ) from error


def _check_builtin(name: str) -> None:
    # Imported late: most projects have no rules of their own.
    from rust_ai_ide.review.rules import every_rule

    if any(rule.id == name for rule in every_rule()):
        raise CustomRuleInvalid(
            f"The custom rule {name} has the name of a rule that there is; choose another."
        )


def _text(name: str, key: str, value: object) -> str:
    if not isinstance(value, str):
        raise CustomRuleInvalid(f"{key} of the custom rule {name} must be a text.")
    return value


def _object(name: str, key: str, value: object) -> str:
    if not isinstance(value, Mapping):
        raise CustomRuleInvalid(f"{key} of the custom rule {name} must be a table, as ast-grep's rules are.")
    return json.dumps(value, sort_keys=True)


def _flag(name: str, key: str, value: object) -> bool:
    if not isinstance(value, bool):
        raise CustomRuleInvalid(f"{key} of the custom rule {name} must be true or false.")
    return value


def _share(name: str, key: str, value: object) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool) or not 0 <= value <= 1:
        raise CustomRuleInvalid(f"{key} of the custom rule {name} must be a number from 0 to 1.")
    return float(value)


def _severity(name: str, key: str, value: object) -> Severity:
    if value not in list(Severity):
        raise CustomRuleInvalid(f"{key} of the custom rule {name} must be one of {', '.join(Severity)}.")
    return Severity(str(value))


def _category(name: str, key: str, value: object) -> Category:
    if value not in list(Category):
        raise CustomRuleInvalid(f"{key} of the custom rule {name} must be one of {', '.join(Category)}.")
    return Category(str(value))


_READERS: dict[str, Callable[[str, str, object], Any]] = {
    "name": _text,
    "category": _category,
    "severity": _severity,
    "message": _text,
    "suggestion": _text,
    "confidence": _share,
    "regex": _text,
    "pattern": _text,
    "rule": _object,
    "fix": _text,
    "auto_fixable": _flag,
}
