"""LCOM4: into how many parts that share nothing the methods of a type fall (Hitz and Montazeri 1995).

A node is an inherent method that takes self, in any impl of the type in its crate. Two are linked where they touch
a field in common, or one calls the other, or both call the same method of a trait. A method that uses self as a
whole touches all fields. Left out are the methods of traits, functions without self, and methods that touch nothing of
self. Types without fields, enums, and types of fewer than two such methods have no LCOM4.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from rust_ai_ide.architecture.graph import Place
from rust_ai_ide.architecture.types.facts import Function
from rust_ai_ide.architecture.types.index import Declared, TypeIndex

_KINDS = frozenset({"struct", "union"})


@dataclass(frozen=True, slots=True)
class TypeCohesion:
    """The parts into which the methods of a type fall, the largest first, each with its methods in order."""

    type: str
    place: Place
    parts: tuple[tuple[str, ...], ...]

    @property
    def lcom4(self) -> int:
        """How many parts there are: 1 is cohesive."""
        return len(self.parts)


def cohesion_of_types(index: TypeIndex) -> tuple[TypeCohesion, ...]:
    """Return the cohesion of all types that have one, in the order of their names; tests do not count."""
    found = (cohesion_of_type(index, index.declared[name]) for name in sorted(index.declared))
    return tuple(each for each in found if each is not None)


def cohesion_of_type(index: TypeIndex, declared: Declared) -> TypeCohesion | None:
    """Return the cohesion of a type, None where it has none."""
    if declared.is_test or declared.type.kind not in _KINDS or not declared.type.fields:
        return None
    methods = {method.name: method for _, method in index.methods(declared.id) if method.receiver}
    touched = {name: _touched(method) for name, method in methods.items()}
    if sum(map(bool, touched.values())) < 2:
        return None
    return TypeCohesion(declared.path, declared.place, components(_linked(methods, touched)))


def _touched(method: Function) -> frozenset[str]:
    whole = {"*"} if method.is_whole else set()
    return frozenset({*method.reads, *method.writes, *(f"{name}()" for name in method.own), *whole})


def _linked(methods: Mapping[str, Function], touched: Mapping[str, frozenset[str]]) -> dict[str, set[str]]:
    """Return for each method that touches self what it shares: fields, and calls by the name of who is called."""
    called = {name for method in methods.values() for name in method.own}
    shared = {}
    for name, touches in touched.items():
        if touches:
            shared[name] = set(touches) | ({f"{name}()"} if name in called else set())
    if any("*" in touches for touches in shared.values()):
        for all_touches in shared.values():
            all_touches.add("*")
    return shared


def components(touches: Mapping[str, Iterable[str]]) -> tuple[tuple[str, ...], ...]:
    """Return the groups of names that share something, the largest first; names keep their order."""
    parent = {name: name for name in touches}

    def top(name: str) -> str:
        while parent[name] != name:
            parent[name] = parent[parent[name]]
            name = parent[name]
        return name

    first: dict[str, str] = {}
    for name, shared in touches.items():
        for each in shared:
            parent[top(name)] = top(first.setdefault(each, name))
    groups: dict[str, list[str]] = {}
    for name in touches:
        groups.setdefault(top(name), []).append(name)
    return tuple(sorted(map(tuple, groups.values()), key=lambda group: (-len(group), group)))
