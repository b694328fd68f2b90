"""Types that do too much: god objects, and breaches of the single responsibility."""

from collections.abc import Iterator

from rust_ai_ide.architecture.patterns.code import Code
from rust_ai_ide.architecture.patterns.model import ANTI_PATTERN, Detected, Detector, Signal, detected
from rust_ai_ide.architecture.types.cohesion import TypeCohesion, cohesion_of_type
from rust_ai_ide.architecture.types.facts import Function
from rust_ai_ide.architecture.types.index import Declared
from rust_ai_ide.architecture.types.structure import ModuleTypes

MANY_METHODS, VERY_MANY_METHODS = 25, 50
MANY_FIELDS, MANY_LINES, MANY_TYPES, MANY_USERS = 12, 600, 12, 8
MANY_PARTS, FEWEST_IN_PART, FIELDS_IN_PART = 3, 3, 2
_GETTER_LINES = 4


def _find_god(code: Code) -> Iterator[Detected]:
    for declared in code.types:
        methods = _working(code, declared)
        if len(methods) >= MANY_METHODS and len(declared.type.fields) > 2:
            yield from detected("god-object", declared.path, declared.place, _god(code, declared, methods))


def _working(code: Code, declared: Declared) -> list[tuple[ModuleTypes, Function]]:
    """Return the inherent methods of a struct that do more than hand out a value, and are not a builder's."""
    if declared.type.kind != "struct":
        return []
    found = [pair for pair in code.index.methods(declared.id) if pair[1].receiver]
    building = [method for _, method in found if "Self" in method.gives or declared.type.name in method.gives]
    if 2 * len(building) > len(found):
        return []
    return [
        (module, method)
        for module, method in found
        if "Self" not in method.gives and method.end_line - method.line >= _GETTER_LINES - 1
    ]


def _god(code: Code, declared: Declared, methods: list[tuple[ModuleTypes, Function]]) -> list[Signal]:
    place, fields = declared.place, declared.type.fields
    lines = sum(method.end_line - method.line + 1 for _, method in methods)
    many = 0.45 if len(methods) >= VERY_MANY_METHODS else 0.3
    found = [
        Signal(f"It has {len(methods)} methods that do more than build or hand out a value.", many, place)
    ]
    if len(fields) >= MANY_FIELDS:
        found.append(Signal(f"It has {len(fields)} fields.", 0.3, place))
    if lines >= MANY_LINES:
        found.append(Signal(f"Its methods take {lines} lines.", 0.3, place))
    cohesion = cohesion_of_type(code.index, declared)
    if cohesion is not None and cohesion.lcom4 >= MANY_PARTS:
        found.append(
            Signal(f"Its methods fall into {cohesion.lcom4} parts that share nothing (LCOM4).", 0.3, place)
        )
    known = {
        each.id
        for module, method in methods
        for each in code.own_types(module, (*method.takes, *method.gives))
        if each.id != declared.id
    }
    if len(known) >= MANY_TYPES:
        found.append(Signal(f"Its methods deal with {len(known)} other types of the project.", 0.25, place))
    users = code.users.get(declared.module.id, set())
    if len(users) >= MANY_USERS:
        found.append(Signal(f"{len(users)} modules use the module it lies in.", 0.1, place))
    return found


def _find_srp(code: Code) -> Iterator[Detected]:
    for declared in code.types:
        cohesion = cohesion_of_type(code.index, declared)
        if cohesion is not None and cohesion.lcom4 >= 2:
            yield from detected(
                "single-responsibility", declared.path, declared.place, _srp(code, declared, cohesion)
            )


def _srp(code: Code, declared: Declared, cohesion: TypeCohesion) -> list[Signal]:
    methods = {method.name: (module, method) for module, method in code.index.methods(declared.id)}
    parts = [part for part in cohesion.parts if _does_work(part, methods)]
    if len(parts) < 2:
        return []
    found = []
    for part in parts[:4]:
        module, method = methods[part[0]]
        names = ", ".join(part[:3])
        sentence = f"{len(part)} methods share nothing with the others: {names}."
        found.append(Signal(sentence, 0.3, module.place(method.line)))
    if len(methods) >= MANY_FIELDS:
        found.append(Signal(f"It has {len(methods)} methods.", 0.2, declared.place))
    return found


def _does_work(part: tuple[str, ...], methods: dict[str, tuple[ModuleTypes, Function]]) -> bool:
    """Whether a part is more than a field with what sets and gets it."""
    found = [methods[name][1] for name in part]
    return (
        len(part) >= FEWEST_IN_PART
        and sum(method.end_line - method.line + 1 for method in found) > _GETTER_LINES * len(part)
        and len({name for method in found for name in (*method.reads, *method.writes)}) >= FIELDS_IN_PART
    )


GOD_OBJECT = Detector(
    "god-object",
    "God object",
    ANTI_PATTERN,
    f"A struct with at least {MANY_METHODS} methods of four lines or more that are not a builder's, and at least "
    f"{MANY_FIELDS} fields, {MANY_LINES} lines, an LCOM4 of {MANY_PARTS}, or {MANY_TYPES} types that it deals with.",
    _find_god,
)
SINGLE_RESPONSIBILITY = Detector(
    "single-responsibility",
    "More than one responsibility (S of SOLID)",
    ANTI_PATTERN,
    "A struct whose methods fall into parts that share no field and no call, where two parts or more have three "
    "methods, two fields and do more than set and get.",
    _find_srp,
)
