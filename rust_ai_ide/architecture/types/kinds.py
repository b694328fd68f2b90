"""The seven kinds of cohesion (Stevens, Myers and Constantine 1974) of a module, told from what its parts share.

The parts of a module are its functions, and its types with their methods. Two are linked where one calls or names the
other, or both name the same type that is not of the standard library. The strongest kind that holds is told; where
none does, there is none. `docs/metrics.md` has the definitions.
"""

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

from rust_ai_ide.architecture.types.facts import Names
from rust_ai_ide.architecture.types.index import TypeIndex
from rust_ai_ide.architecture.types.parts import Parts, parts_of
from rust_ai_ide.architecture.types.structure import ModuleTypes

FEWEST_PARTS = 3
_MOST_OF = 2 / 3
_HALF = 1 / 2
_MOMENTS = re.compile(
    r"(?:^|_)(?:init|initialise|initialize|setup|set_up|start|startup|boot|bootstrap|install|shutdown|shut_down|stop"
    r"|cleanup|clean_up|teardown|tear_down|close)(?:_|$)"
)


@dataclass(frozen=True, slots=True)
class ModuleCohesion:
    """How a module holds together: `kind` is one of the seven, or "" where none holds; `because` says why."""

    module: str
    kind: str
    because: str
    parts: int
    components: int


def cohesion_of_modules(index: TypeIndex) -> tuple[ModuleCohesion, ...]:
    """Return the cohesion of all modules with three parts or more, in order; tests do not count."""
    found = (cohesion_of_module(index, module) for module in index.structure.modules if not module.is_test)
    return tuple(each for each in found if each is not None)


def cohesion_of_module(index: TypeIndex, module: ModuleTypes) -> ModuleCohesion | None:
    """Return the cohesion of a module, None where it has too few parts to tell."""
    parts = parts_of(index, module)
    if parts.count < FEWEST_PARTS:
        return None
    for kind, holds in KINDS.items():
        because = holds(parts)
        if because:
            return ModuleCohesion(module.id, kind, because, parts.count, len(parts.groups))
    return ModuleCohesion(module.id, "", "None of the seven holds.", parts.count, len(parts.groups))


def _functional(parts: Parts) -> str:
    if len(parts.groups) == 1 and len(parts.public) == 1:
        return f"All {parts.count} parts hang together, and {parts.public[0]} is the only public one."
    return ""


def _sequential(parts: Parts) -> str:
    stages: set[str] = set()
    for function in parts.functions.values():
        called = parts.calls(function)
        for first, second in pairwise(called):
            handed = set(_telling(parts.functions[first].gives)) & set(parts.functions[second].takes)
            if handed:
                stages |= {first, second}
    if len(stages) >= FEWEST_PARTS and len(stages) >= _HALF * len(parts.functions):
        return f"{_told(sorted(stages))} are called in a row, each with what the one before gives."
    return ""


def _communicational(parts: Parts) -> str:
    touched = Counter(
        name for touches in parts.touches.values() for name in touches if not name.endswith("()")
    )
    if not touched:
        return ""
    name, count = max(touched.items(), key=lambda each: (each[1], each[0]))
    if count >= _MOST_OF * parts.count:
        return f"{count} of {parts.count} parts work on {name}."
    return ""


def _procedural(parts: Parts) -> str:
    for function in parts.functions.values():
        called = parts.calls(function)
        if (
            len(called) >= FEWEST_PARTS
            and len(called) >= _HALF * parts.count
            and not _shares_data(parts, called)
        ):
            return f"{function.name} calls {_told(called)} in a row, which share no type."
    return ""


def _temporal(parts: Parts) -> str:
    moments = [name for name in parts.functions if _MOMENTS.search(name)]
    if (
        len(moments) >= FEWEST_PARTS
        and len(moments) >= _HALF * parts.count
        and not _shares_data(parts, moments)
    ):
        return f"{_told(moments)} belong to the same moment, and share no type."
    return ""


def _logical(parts: Parts) -> str:
    for function in parts.functions.values():
        called = parts.calls(function)
        if (
            function.is_choosing
            and len(called) >= FEWEST_PARTS
            and len(called) >= _HALF * len(parts.functions)
        ):
            return f"{function.name} chooses by an argument between {_told(called)}."
    alike = Counter(
        (function.takes, function.gives) for function in parts.functions.values() if function.takes
    )
    count = max(alike.values(), default=0)
    if count >= FEWEST_PARTS and count >= _MOST_OF * parts.count and len(parts.groups) >= _HALF * parts.count:
        return f"{count} of {parts.count} parts take and give the same types, and do not use each other."
    return ""


def _coincidental(parts: Parts) -> str:
    if len(parts.groups) >= FEWEST_PARTS and len(parts.groups[0]) < _HALF * parts.count:
        return f"The {parts.count} parts fall into {len(parts.groups)} groups that share nothing."
    return ""


KINDS: dict[str, Callable[[Parts], str]] = {
    "functional": _functional,
    "sequential": _sequential,
    "communicational": _communicational,
    "procedural": _procedural,
    "temporal": _temporal,
    "logical": _logical,
    "coincidental": _coincidental,
}
"""The kinds, the strongest first, each with what tells why it holds, and nothing where it does not."""


def _shares_data(parts: Parts, names: list[str]) -> bool:
    types = [{each for each in parts.touches[name] if not each.endswith("()")} for name in names]
    return any(first & second for number, first in enumerate(types) for second in types[:number])


_WRAPPERS = frozenset({"Option", "Result", "Vec", "String", "Box", "Self"})


def _telling(names: Names) -> list[str]:
    """Return the names that say something of what is handed on."""
    return [name for name in names if name not in _WRAPPERS and name[:1].isupper()]


def _told(names: list[str]) -> str:
    shown = ", ".join(names[:4])
    return f"{shown} and {len(names) - 4} more" if len(names) > 4 else shown
