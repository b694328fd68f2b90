"""Conditions of `cfg`: read once, and told true, false or unknown by what is known.

The grammar is that of the Rust reference, "Conditional compilation".
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

_TOKEN = re.compile(r'\s*(?:/\*.*?\*/\s*)*(r?#*"(?:[^"\\]|\\.)*"#*|r#\w+|[A-Za-z_]\w*|[(),=])', re.DOTALL)
_DEEPEST = 50

Known = Callable[[str, str | None], bool | None]
"""Tells whether an option, as `unix`, or one of a value, as `feature = "std"`, is set; None where that is unknown."""


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition. `kind` is all, any, not, true, false, option or unknown; options have a name and maybe a value."""

    kind: str
    parts: tuple["Condition", ...] = ()
    name: str = ""
    value: str | None = None

    def holds(self, known: Known) -> bool | None:
        """Tell whether it holds by Kleene's logic of three values; None where what is known does not decide."""
        if self.kind == "option":
            return known(self.name, self.value)
        if self.kind in ("true", "false", "unknown"):
            return {"true": True, "false": False, "unknown": None}[self.kind]
        told = [part.holds(known) for part in self.parts]
        if self.kind == "not":
            return None if told[0] is None else not told[0]
        deciding = self.kind == "any"
        if deciding in told:
            return deciding
        return None if None in told else not deciding


_UNKNOWN = Condition("unknown")


def read_condition(text: str) -> Condition:
    """Return the condition that stands inside of `cfg(…)`; what is no condition is one that is always unknown."""
    words = _TOKEN.findall(text)
    condition, end = _read(words, 0, 0)
    return condition if end == len(words) else _UNKNOWN


def needs_test(condition: Condition) -> bool:
    """Tell whether only tests can be compiled under a condition."""
    return (
        condition.holds(lambda name, value: False if (name, value) == ("test", None) else None) is False
        and condition.holds(lambda name, value: True if (name, value) == ("test", None) else None)
        is not False
    )


def _read(words: list[str], at: int, depth: int) -> tuple[Condition, int]:
    name = words[at] if at < len(words) else ""
    following = words[at + 1] if at + 1 < len(words) else ""
    if depth > _DEEPEST or not name or name in "(),=":
        return _UNKNOWN, len(words) + 1
    if following == "(":
        return _read_call(words, name, at + 2, depth)
    if following == "=" and at + 2 < len(words):
        value = words[at + 2]
        return Condition("option", name=name, value=value.strip("r#").strip('"')), at + 3
    if name in ("true", "false"):
        return Condition(name), at + 1
    return Condition("option", name=name.removeprefix("r#")), at + 1


def _read_call(words: list[str], name: str, at: int, depth: int) -> tuple[Condition, int]:
    parts = []
    while at < len(words) and words[at] != ")":
        part, at = _read(words, at, depth + 1)
        parts.append(part)
        if at < len(words) and words[at] == ",":
            at += 1
    if at >= len(words):
        return _UNKNOWN, len(words) + 1
    if name in ("all", "any") or (name == "not" and len(parts) == 1):
        return Condition(name, tuple(parts)), at + 1
    # Such as version(…) and accessible(…), which no profile knows.
    return _UNKNOWN, at + 1
