"""Enums that keep code from being closed to change: the O of SOLID."""

from collections import defaultdict
from collections.abc import Iterator

from rust_ai_ide.architecture.patterns.code import Code
from rust_ai_ide.architecture.patterns.model import ANTI_PATTERN, Detected, Detector, Signal, detected
from rust_ai_ide.architecture.types.facts import Function
from rust_ai_ide.architecture.types.index import Declared
from rust_ai_ide.architecture.types.structure import ModuleTypes, TypeId

MANY_MODULES, MANY_VARIANTS, MANY_FUNCTIONS = 6, 5, 10


def _find_ocp(code: Code) -> Iterator[Detected]:
    matched: dict[TypeId, list[tuple[ModuleTypes, Function]]] = defaultdict(list)
    for module, function in code.functions():
        for declared in {each.id: each for each in code.own_types(module, function.matches)}.values():
            if declared.type.kind == "enum" and declared.module.id != module.id:
                matched[declared.id].append((module, function))
    for key, places in sorted(matched.items()):
        declared = code.index.declared[key]
        modules = sorted({module.id for module, _ in places})
        if len(modules) >= MANY_MODULES and len(declared.type.fields) >= MANY_VARIANTS:
            yield from detected("open-closed", declared.path, declared.place, _ocp(declared, places, modules))


def _ocp(declared: Declared, places: list[tuple[ModuleTypes, Function]], modules: list[str]) -> list[Signal]:
    module, function = places[0]
    sentence = f"{len(modules)} other modules match on it, such as {', '.join(modules[:3])}."
    found = [
        Signal(sentence, 0.5, module.place(function.line)),
        Signal(
            f"A variant beside its {len(declared.type.fields)} may have to be added in each.",
            0.2,
            declared.place,
        ),
    ]
    if len(places) >= MANY_FUNCTIONS:
        module, function = places[-1]
        sentence = f"{len(places)} functions do, such as {function.name}."
        found.append(Signal(sentence, 0.25, module.place(function.line)))
    return found


OPEN_CLOSED = Detector(
    "open-closed",
    "Not closed to change (O of SOLID)",
    ANTI_PATTERN,
    f"An enum of at least {MANY_VARIANTS} variants on which functions in at least {MANY_MODULES} other modules match, "
    "so that a new variant may change them all.",
    _find_ocp,
)
