"""Event sourcing, and the separation of commands from queries (CQRS)."""

from collections import defaultdict
from collections.abc import Iterator

from rust_ai_ide.architecture.patterns.code import Code
from rust_ai_ide.architecture.patterns.model import PATTERN, Detected, Detector, Signal, detected
from rust_ai_ide.architecture.patterns.words import words
from rust_ai_ide.architecture.types.facts import Function, Type
from rust_ai_ide.architecture.types.index import Declared
from rust_ai_ide.architecture.types.structure import ModuleTypes

_FOLDING = frozenset({"apply", "fold", "evolve", "replay"})
_EVENT = frozenset({"event", "events"})
_LOADING = frozenset({"load", "stream", "read", "fetch", "replay", "rehydrate"})
_ADDING = frozenset({"append", "commit", "persist", "publish", "record", "emit"})
_HANDLING = frozenset({"handle", "execute", "handles", "dispatch"})
_SIDES = {"command": "commands", "query": "queries"}


def _find_events(code: Code) -> Iterator[Detected]:
    stores = list(_stores(code))
    for declared in code.types:
        if declared.type.kind not in ("struct", "enum"):
            continue
        folding = next((pair for pair in code.methods(declared.id) if _folds(pair[1])), None)
        if folding is None:
            continue
        module, method = folding
        signals = [Signal(f"{method.name} takes an event.", 0.25, module.place(method.line))]
        kinds = [name for name in method.matches if name != "Option"]
        if kinds:
            enum = kinds[0]
            sentence = f"It goes by the kind of the event: {enum}."
            signals.append(Signal(sentence, 0.3, module.place(method.line)))
        if method.writes or "Self" in method.gives or declared.type.name in method.gives:
            signals.append(
                Signal("What it holds afterwards follows from the event.", 0.3, module.place(method.line))
            )
        signals += stores[:1]
        signals += _recorded(code, declared)
        if len(signals) > 2:
            yield from detected("event-sourcing", declared.path, declared.place, signals)


def _folds(method: Function) -> bool:
    """Whether a method takes an event; one that is told by its type alone must be called apply or the like."""
    taken = {word for name in method.takes for word in words(name.rpartition("::")[2])}
    return bool(_FOLDING.intersection(words(method.name)[:1])) and bool(_EVENT & taken)


def _stores(code: Code) -> Iterator[Signal]:
    for declared in code.types:
        if declared.type.kind == "trait" and _EVENT.intersection(words(declared.type.name)):
            names = [word for method in declared.type.methods for word in words(method.name)[:1]]
            if _LOADING.intersection(names) and _ADDING.intersection(names):
                yield Signal(f"{declared.type.name} keeps events and reads them again.", 0.25, declared.place)


def _recorded(code: Code, declared: Declared) -> Iterator[Signal]:
    """Yield where events are made: a method that handles a command gives events."""
    for module, method in code.methods(declared.id):
        called = {word for name in (*method.calls, *method.methods, *method.own) for word in words(name)[:1]}
        gives = {word for name in method.gives for word in words(name.rpartition("::")[2])}
        if _HANDLING.intersection(words(method.name)[:1]) and _EVENT & gives:
            yield Signal(f"{method.name} answers with events.", 0.25, module.place(method.line))
            return
        if called & {"record"} and not _folds(method):
            yield Signal(f"{method.name} records an event.", 0.2, module.place(method.line))
            return


def _find_cqrs(code: Code) -> Iterator[Detected]:
    by_crate: dict[str, dict[str, list[tuple[ModuleTypes, Type]]]] = defaultdict(lambda: defaultdict(list))
    for declared in code.types:
        for side, folder in _SIDES.items():
            last = words(declared.type.name)[-1:]
            if declared.type.kind in ("struct", "enum") and (
                last == [side] or folder in declared.module.module.path
            ):
                by_crate[declared.module.module.crate][side].append((declared.module, declared.type))
    for crate, sides in by_crate.items():
        if len(sides) == len(_SIDES):
            yield from detected("cqrs", crate, None, _separated(code, crate, sides))


def _separated(code: Code, crate: str, sides: dict[str, list[tuple[ModuleTypes, Type]]]) -> list[Signal]:
    found = []
    homes = {side: {module.id for module, _ in types} for side, types in sides.items()}
    for side, types in sides.items():
        module, kind = types[0]
        sentence = f"{kind.name} is a {side}."
        found.append(Signal(sentence, 0.15, module.place(kind.line), is_structural=False))
    if homes["command"].isdisjoint(homes["query"]):
        found.append(Signal("Commands and queries lie in modules of their own.", 0.2))
    handled = {side: _handler(code, crate, types) for side, types in sides.items()}
    found += [handler for handler in handled.values() if handler is not None]
    return found if all(handled.values()) else []


def _handler(code: Code, crate: str, types: list[tuple[ModuleTypes, Type]]) -> Signal | None:
    """Return where one of the commands or queries is handled."""
    names = {kind.name for _, kind in types}
    for module in code.modules:
        if module.module.crate != crate:
            continue
        for impl in module.impls:
            for method in impl.methods:
                if _HANDLING.intersection(words(method.name)[:1]) and names.intersection(
                    _short(method.takes)
                ):
                    taken = min(names.intersection(_short(method.takes)))
                    return Signal(
                        f"{method.name} of {impl.type} takes {taken}.", 0.35, module.place(method.line)
                    )
    return None


def _short(names: tuple[str, ...]) -> set[str]:
    return {name.rpartition("::")[2] for name in names}


EVENT_SOURCING = Detector(
    "event-sourcing",
    "Event sourcing",
    PATTERN,
    "A type with a method such as apply that takes an event, goes by its kind and changes by it; methods that answer "
    "with events or record them; a trait that appends events and loads them again.",
    _find_events,
)
CQRS = Detector(
    "cqrs",
    "CQRS",
    PATTERN,
    "A crate with types for commands and others for queries, apart from each other, and methods such as handle that "
    "take the one, and others that take the other.",
    _find_cqrs,
)
