"""What is compiled: facts under a platform and a choice of features, where somebody chose them."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TypeVar

from rust_ai_ide.architecture.facts import FileUses, Item, MacroCall, MacroDefinition, ModuleDeclaration, Use
from rust_ai_ide.source.cargo import Package
from rust_ai_ide.source.syntax.cfg import read_condition

Holds = Callable[[str], bool | None]
"""Tells whether a condition, as written inside of `cfg(…)`, holds; None where that is not known."""

Said = TypeVar("Said", ModuleDeclaration, Use, Item, MacroDefinition, MacroCall)

_UNIX: dict[str, bool | str] = {"unix": True, "windows": False, "target_family": "unix"}
_64_BITS: dict[str, bool | str] = {"target_pointer_width": "64", "target_endian": "little"}
PLATFORMS: Mapping[str, Mapping[str, bool | str]] = {
    "linux": _UNIX | _64_BITS | {"target_os": "linux", "target_arch": "x86_64", "target_env": "gnu"},
    "macos": _UNIX | _64_BITS | {"target_os": "macos", "target_arch": "aarch64", "target_env": ""},
    "windows": _64_BITS
    | {"unix": False, "windows": True, "target_family": "windows", "target_os": "windows"}
    | {"target_arch": "x86_64", "target_env": "msvc"},
}
"""The platforms that can be chosen, with what the compiler sets for each: Linux and Windows on x86-64, macOS on ARM."""
_ATOMIC = frozenset({"8", "16", "32", "64", "ptr"})
_TOOLS = frozenset({"test", "doc", "doctest", "docsrs", "miri", "clippy", "rustfmt", "proc_macro"})
_DEFAULT, _ALL = "default", "all"


@dataclass(frozen=True, slots=True)
class Profile:
    """A platform by its name, "" for none; and features: "default", "all", or names parted by commas, None for any."""

    platform: str = ""
    features: str | None = None

    @property
    def is_open(self) -> bool:
        """Whether nothing was chosen, so that everything is in the picture."""
        return not self.platform and self.features is None


def holds_in(package: Package, profile: Profile, *, has_build_script: bool) -> Holds:
    """Return what tells of conditions in a package under a profile.

    Options that the compiler does not know are off, unless a build script may set them.
    """
    features = enabled(package, profile.features) if profile.features is not None else None
    platform = PLATFORMS.get(profile.platform)
    told: dict[str, bool | None] = {}

    def known(name: str, value: str | None) -> bool | None:
        if name == "feature":
            return None if features is None or value is None else value in features
        if platform is None or name in ("target_feature", "panic", "debug_assertions", "target_vendor"):
            return None
        if name == "target_has_atomic":
            return value is None or value in _ATOMIC
        if name in platform:
            return platform[name] is True if value is None else platform[name] == value
        return None if has_build_script and name not in _TOOLS else False

    def holds(condition: str) -> bool | None:
        if condition not in told:
            told[condition] = read_condition(condition).holds(known)
        return told[condition]

    return holds


def enabled(package: Package, wanted: str) -> frozenset[str]:
    """Return the features that are on where "default", "all", or some parted by commas are wanted."""
    if wanted == _ALL:
        return frozenset(package.features)
    waiting = [name.strip() for name in wanted.split(",")]
    found: set[str] = set()
    while waiting:
        name = waiting.pop()
        # `crate/feature` turns an optional dependency on, `crate?/feature` does not.
        name = name.partition("/")[0]
        if name and not name.startswith("dep:") and not name.endswith("?") and name not in found:
            found.add(name)
            waiting += package.features.get(name, ())
    return frozenset(found)


def under(facts: FileUses, holds: Holds) -> FileUses:
    """Return the facts of a file without what is not compiled; what surely is, stands under no condition any more."""
    return replace(
        facts,
        modules=_kept(facts.modules, holds),
        uses=_kept(facts.uses, holds),
        items=_kept(facts.items, holds),
        macros=tuple(replace(one, facts=under(one.facts, holds)) for one in _kept(facts.macros, holds)),
        calls=_kept(facts.calls, holds),
    )


def _kept(said: Iterable[Said], holds: Holds) -> tuple[Said, ...]:
    found = []
    for one in said:
        told = holds(one.condition) if one.condition else None
        if told is not False:
            found.append(replace(one, condition="") if told else one)
    return tuple(found)
