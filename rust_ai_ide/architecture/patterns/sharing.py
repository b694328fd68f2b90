"""Global state that is reached from many modules."""

from collections import defaultdict
from collections.abc import Iterator

from rust_ai_ide.architecture.patterns.code import Code
from rust_ai_ide.architecture.patterns.model import ANTI_PATTERN, Detected, Detector, Signal, detected
from rust_ai_ide.architecture.patterns.words import words
from rust_ai_ide.architecture.types.facts import Static
from rust_ai_ide.architecture.types.index import Declared
from rust_ai_ide.architecture.types.structure import ModuleTypes, TypeId

MANY_MODULES, VERY_MANY_MODULES = 4, 8
_CHANGING = frozenset({"Mutex", "RwLock", "RefCell", "Cell", "UnsafeCell", "ArcSwap", "DashMap", "FairMutex"})
_DEEPEST = 2
# What only tells how the program fares is global by its nature.
_TELLING = frozenset({"metrics", "metric", "log", "logger", "tracer", "stats"})


def _find(code: Code) -> Iterator[Detected]:
    changing = {
        (module.id, static.name): (module, static, reason)
        for module in code.modules
        for static in module.statics
        if not static.is_test
        and static.maker != "thread_local"
        and not _TELLING.intersection(words(static.name))
        for reason in [_changes(code, module, static)]
        if reason
    }
    reached = _reached(code, set(changing))
    for key, (module, static, reason) in changing.items():
        users = sorted(reached[key] - {module.id})
        if len(users) >= MANY_MODULES:
            place = module.place(static.line)
            many = 0.5 if len(users) >= VERY_MANY_MODULES else 0.35
            shown = ", ".join(users[:3])
            signals = [
                Signal(reason, 0.45, place),
                Signal(f"{len(users)} other modules reach it, such as {shown}.", many, place),
            ]
            yield from detected("singleton-abuse", "::".join(key), place, signals)


def _changes(code: Code, module: ModuleTypes, static: Static) -> str:
    """Return why a static can change, "" where it cannot."""
    if static.is_mutable:
        return "It is a static mut."
    names = [name for name in static.types if name.rpartition("::")[2] in _CHANGING]
    if names:
        return f"It is a static that can change: it holds a {names[0]}."
    level = list(code.own_types(module, static.types))
    for _ in range(_DEEPEST):
        below: list[Declared] = []
        for declared in level:
            for field in declared.type.fields:
                inside = [name for name in field.types if name.rpartition("::")[2] in _CHANGING]
                if inside:
                    where = f" in {field.name}" if field.name else ""
                    return f"It is a static that can change: {declared.type.name} holds a {inside[0]}{where}."
                below += code.own_types(declared.module, field.types)
        level = below
    return ""


def _reached(code: Code, wanted: set[TypeId]) -> dict[TypeId, set[str]]:
    """Return the modules whose functions name each static, or call a function of its module that does."""
    names = {name for _, name in wanted}
    reached: dict[TypeId, set[str]] = defaultdict(set)
    doors: dict[TypeId, TypeId] = {}
    for module, function in code.functions():
        for constant in function.constants:
            if constant.rpartition("::")[2] in names:
                key = _static(code, module, constant)
                if key in wanted:
                    reached[key].add(module.id)
                    if key[0] == module.id and not function.receiver:
                        doors[module.id, function.name] = key
    called = {name for _, name in doors}
    for module, function in code.functions():
        for call in function.calls:
            if call.rpartition("::")[2] in called:
                door = code.index.named(module, call)
                if door in doors:
                    reached[doors[door]].add(module.id)
    return reached


def _static(code: Code, module: ModuleTypes, path: str) -> TypeId:
    if "::" not in path and any(static.name == path for static in module.statics):
        return module.id, path
    return code.index.named(module, path) or ("", path)


SINGLETON_ABUSE = Detector(
    "singleton-abuse",
    "Abuse of singletons",
    ANTI_PATTERN,
    f"A static that can change (static mut, or behind a lock or cell, also inside its type), which the functions of at "
    f"least {MANY_MODULES} other modules name, or reach by a function beside it. Atomics, thread locals, metrics and "
    "logs do not count.",
    _find,
)
