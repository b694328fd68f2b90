"""What a review looks at and what it keeps to itself."""

from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Any

from rust_ai_ide.errors import RustAiIdeError
from rust_ai_ide.review.custom.rules import CustomRule
from rust_ai_ide.review.findings import Category, Severity
from rust_ai_ide.review.profiles import PROFILES, Profile
from rust_ai_ide.review.standard import Standard
from rust_ai_ide.review.thresholds import DEFAULTS, Thresholds, changed, thresholds_of_clippy
from rust_ai_ide.source.folders import SETTINGS_FILE

TABLE = "review"


class ConfigInvalid(RustAiIdeError):
    """The configuration of the review says something that is not understood."""


@dataclass(frozen=True, slots=True)
class ReviewConfig:
    """The settings of a review; the defaults are quiet.

    A category takes part if its `include_…` is set and `enabled_categories` holds it. With
    `max_comments_per_file` at 0 a file may have any number of findings. `baseline` is the path of the project's
    baseline from its top folder, "" for none.
    """

    include_style: bool = True
    include_performance: bool = True
    include_security: bool = True
    include_architecture: bool = True
    include_tests: bool = False
    max_comments_per_file: int = 50
    severity_threshold: Severity = Severity.WARNING
    confidence_threshold: float = 0.7
    enabled_categories: frozenset[Category] = frozenset(Category)
    disabled_rules: frozenset[str] = frozenset()
    baseline: str = ""
    custom_rules: tuple[CustomRule, ...] = ()
    thresholds: Thresholds = DEFAULTS

    @property
    def standard(self) -> Standard:
        """What findings in a file depend on besides its content and our code."""
        return Standard(self.custom_rules, self.thresholds)

    def categories(self) -> frozenset[Category]:
        """Return the categories that take part."""
        included = {
            Category.STYLE: self.include_style,
            Category.PERFORMANCE: self.include_performance,
            Category.SECURITY: self.include_security,
            Category.ARCHITECTURE: self.include_architecture,
        }
        return frozenset(category for category in self.enabled_categories if included[category])


def config_from_toml(text: str, profile: Profile | None = None, clippy: str = "") -> ReviewConfig:
    """Read the `[review]` table of a configuration file; ConfigInvalid names the field and the remedy.

    `profile` goes before the one that the file names; what the file sets itself goes before both, and before the
    thresholds of `clippy`, the text of Clippy's own settings. Raises ThresholdsInvalid for those.
    """
    # Imported late: most projects have no such file.
    import tomllib

    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigInvalid(f"{SETTINGS_FILE} is not valid TOML: {error}.") from error
    table = document.get(TABLE, {})
    if not isinstance(table, dict):
        raise ConfigInvalid(f"{SETTINGS_FILE}: `{TABLE}` must be a table; write `[{TABLE}]`.")
    known = [*(field.name for field in fields(ReviewConfig)), "profile"]
    named = _profile("profile", table["profile"]) if "profile" in table else Profile.BALANCED
    values: dict[str, Any] = dict(PROFILES[profile or named])
    usual = thresholds_of_clippy(clippy) if clippy else DEFAULTS
    values["thresholds"] = usual
    for name, value in table.items():
        if name == "profile":
            continue
        if name not in known:
            raise ConfigInvalid(f"{SETTINGS_FILE}: [{TABLE}] has no setting `{name}`.{_meant(name, known)}")
        if name == "thresholds":
            values[name] = _thresholds(name, value, usual)
        elif name != "disabled_rules":
            values[name] = _READERS.get(name, _boolean)(name, value)
    if "disabled_rules" in table:
        own = [rule.name for rule in values.get("custom_rules", ())]
        values["disabled_rules"] = _rules("disabled_rules", table["disabled_rules"], own)
    return ReviewConfig(**values)


def _boolean(name: str, value: object) -> bool:
    if not isinstance(value, bool):
        raise _wrong(name, value, "true or false")
    return value


def _count(name: str, value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise _wrong(name, value, "a whole number, 0 for no limit")
    return value


def _share(name: str, value: object) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool) or not 0 <= value <= 1:
        raise _wrong(name, value, "a number from 0 to 1")
    return float(value)


def _text(name: str, value: object) -> str:
    if not isinstance(value, str):
        raise _wrong(name, value, "a text")
    return value


def _thresholds(name: str, value: object, usual: Thresholds) -> Thresholds:
    if not isinstance(value, dict):
        raise _wrong(name, value, "a table of numbers")
    return changed(usual, value, SETTINGS_FILE)


def _profile(name: str, value: object) -> Profile:
    if value not in list(Profile):
        raise _wrong(name, value, "one of " + ", ".join(Profile))
    return Profile(str(value))


def _severity(name: str, value: object) -> Severity:
    if value not in list(Severity):
        raise _wrong(name, value, "one of " + ", ".join(Severity))
    return Severity(str(value))


def _categories(name: str, value: object) -> frozenset[Category]:
    if not isinstance(value, list) or not all(one in list(Category) for one in value):
        raise _wrong(name, value, "a list out of " + ", ".join(Category))
    return frozenset(Category(one) for one in value)


def _custom_rules(name: str, value: object) -> tuple[CustomRule, ...]:
    from rust_ai_ide.review.custom.reading import CustomRuleInvalid, read_custom_rules

    try:
        return read_custom_rules(value)
    except CustomRuleInvalid as error:
        raise ConfigInvalid(f"{SETTINGS_FILE}: {error}") from error


def _rules(name: str, value: object, own: list[str]) -> frozenset[str]:
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise _wrong(name, value, "a list of rule names")
    # Imported late: a run without disabled rules does not need the rules.
    from rust_ai_ide.review.rules import every_rule

    known = [*(rule.id for rule in every_rule()), *own]
    for one in value:
        if one not in known:
            raise ConfigInvalid(
                f"{SETTINGS_FILE}: {name} names `{one}`, which is no rule.{_meant(one, known)}"
            )
    return frozenset(value)


_READERS: dict[str, Callable[[str, object], Any]] = {
    "max_comments_per_file": _count,
    "severity_threshold": _severity,
    "confidence_threshold": _share,
    "baseline": _text,
    "enabled_categories": _categories,
    "custom_rules": _custom_rules,
}


def _wrong(name: str, value: object, wanted: str) -> ConfigInvalid:
    return ConfigInvalid(f"{SETTINGS_FILE}: {name} is {value!r}, but must be {wanted}.")


def _meant(name: str, known: list[str]) -> str:
    import difflib

    near = difflib.get_close_matches(name, known, n=1)
    return f" Did you mean `{near[0]}`?" if near else f" There are: {', '.join(known)}."
