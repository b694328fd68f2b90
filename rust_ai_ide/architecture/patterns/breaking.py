"""Circuit breaker."""

from collections.abc import Iterator

from rust_ai_ide.architecture.patterns.code import Code
from rust_ai_ide.architecture.patterns.model import PATTERN, Detected, Detector, Signal, detected
from rust_ai_ide.architecture.patterns.words import words
from rust_ai_ide.architecture.types.facts import Field, Type
from rust_ai_ide.architecture.types.index import Declared

_STATES = frozenset({"closed", "open", "halfopen"})
_COUNTERS = frozenset({"failure", "failures", "error", "errors", "threshold", "consecutive"})
_TIMES = frozenset({"Duration", "Instant", "SystemTime"})


def _find(code: Code) -> Iterator[Detected]:
    for declared in code.types:
        variants = {"".join(words(field.name)) for field in declared.type.fields}
        if declared.type.kind == "enum" and variants >= _STATES:
            yield from detected("circuit-breaker", declared.path, declared.place, _signals(code, declared))


def _signals(code: Code, states: Declared) -> list[Signal]:
    found = [Signal("It has the states closed, open and half-open.", 0.45, states.place)]
    around = [each for each in code.types if each.module.id == states.module.id]
    counting = next((pair for pair in _fields(around) if _COUNTERS.intersection(words(pair[1].name))), None)
    if counting is not None:
        kind, field = counting
        place = states.module.place(field.line)
        found.append(Signal(f"{kind.name} counts or limits failures: {field.name}.", 0.3, place))
    timed = next((pair for pair in _fields(around) if _TIMES.intersection(_last(pair[1].types))), None)
    if timed is not None:
        kind, field = timed
        place = states.module.place(field.line)
        found.append(Signal(f"{kind.name} keeps a time in {field.name or 'a field'}.", 0.2, place))
    for module, function in code.functions():
        if (
            module.id == states.module.id
            and function.receiver
            and states.type.name in _last(function.matches)
        ):
            place = module.place(function.line)
            found.append(Signal(f"{function.name} decides by the state.", 0.35, place))
            break
    return found


def _fields(around: list[Declared]) -> Iterator[tuple[Type, Field]]:
    for declared in around:
        for field in declared.type.fields:
            yield declared.type, field


def _last(names: tuple[str, ...]) -> set[str]:
    return {name.rpartition("::")[2] for name in names}


CIRCUIT_BREAKER = Detector(
    "circuit-breaker",
    "Circuit breaker",
    PATTERN,
    "An enum with the states closed, open and half-open; beside it fields that count failures and keep times, and "
    "methods that decide by the state.",
    _find,
)
