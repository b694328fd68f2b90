"""Settings read from environment variables. A value that cannot be used stops the start with one clear sentence."""

import os
import re
from dataclasses import dataclass

from django.core.exceptions import ImproperlyConfigured


@dataclass(frozen=True)
class Setting:
    """An environment variable that the product reads: its name, its default in words, and what it does."""

    name: str
    default: str
    purpose: str


KNOWN: dict[str, Setting] = {}


def declare(name: str, default: str, purpose: str) -> str | None:
    """Remember that `name` is a setting, for the docs' test, and return what the environment says, if anything."""
    KNOWN[name] = Setting(name, default, purpose)
    return os.environ.get(name) or None


def text(name: str, default: str, purpose: str) -> str:
    """Read a setting that is any text."""
    return declare(name, default, purpose) or default


def flag(name: str, default: bool, purpose: str) -> bool:
    """Read a setting that is on or off."""
    value = declare(name, "1" if default else "0", purpose)
    if value is None:
        return default
    if value.lower() in {"1", "true", "yes", "on"}:
        return True
    if value.lower() in {"0", "false", "no", "off"}:
        return False
    raise ImproperlyConfigured(f"{name} is {value!r}; use 1 or 0.")


def number(name: str, default: int, purpose: str, *, least: int, most: int) -> int:
    """Read a setting that is a whole number between `least` and `most`."""
    value = declare(name, str(default), purpose)
    if value is None:
        return default
    if not re.fullmatch(r"\d{1,15}", value) or not least <= int(value) <= most:
        raise ImproperlyConfigured(f"{name} is {value!r}; use a whole number from {least} to {most}.")
    return int(value)


def listed(name: str, purpose: str) -> list[str]:
    """Read a setting that is a comma-separated list."""
    return [item.strip() for item in (declare(name, "", purpose) or "").split(",") if item.strip()]


def address(name: str, purpose: str, *, schemes: tuple[str, ...]) -> str | None:
    """Read a setting that is a service's URL with one of `schemes`."""
    value = declare(name, "", purpose)
    if value is not None and value.partition("://")[0] not in schemes:
        raise ImproperlyConfigured(f"{name} must begin with {' or '.join(s + '://' for s in schemes)}.")
    return value
