"""The numbers that some of Clippy's lints go by, under Clippy's own names."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from rust_ai_ide.errors import RustAiIdeError

FILE_NAMES = ("clippy.toml", ".clippy.toml")
"""Where Clippy looks for them; the first goes before the second."""


class ThresholdsInvalid(RustAiIdeError):
    """A threshold is not a whole number, or has no name that is known."""


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Clippy's settings that rules of ours go by, with Clippy's defaults; more than these are reported."""

    too_many_arguments_threshold: int = 7
    too_many_lines_threshold: int = 100
    max_fn_params_bools: int = 3
    max_struct_bools: int = 3
    cognitive_complexity_threshold: int = 25
    enum_variant_name_threshold: int = 3


DEFAULTS = Thresholds()
_KNOWN = tuple(field.name for field in fields(Thresholds))


def thresholds_of_clippy(text: str) -> Thresholds:
    """Read a `clippy.toml`; settings that no rule of ours goes by are passed over. Raises ThresholdsInvalid."""
    # Imported late: many projects have no such file.
    import tomllib

    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ThresholdsInvalid(f"clippy.toml is not valid TOML: {error}.") from error
    given = {key.replace("-", "_"): value for key, value in document.items()}
    return changed(DEFAULTS, {name: given[name] for name in _KNOWN if name in given}, "clippy.toml")


def changed(thresholds: Thresholds, given: Mapping[str, Any], where: str) -> Thresholds:
    """Return the thresholds with those that are given, under Clippy's names. Raises ThresholdsInvalid."""
    values = {name.replace("-", "_"): value for name, value in given.items()}
    for name, value in values.items():
        if name not in _KNOWN:
            raise ThresholdsInvalid(
                f"{where}: there is no threshold {name.replace('_', '-')}; there are "
                f"{', '.join(one.replace('_', '-') for one in _KNOWN)}."
            )
        if not isinstance(value, int) or isinstance(value, bool) or value < 0:
            raise ThresholdsInvalid(
                f"{where}: {name.replace('_', '-')} is {value!r}, but must be a whole number."
            )
    return replace(thresholds, **values)
