"""Service: a type without state of its own, whose methods do their work by asking what it was given."""

from collections.abc import Iterator

from rust_ai_ide.architecture.patterns.code import Code
from rust_ai_ide.architecture.patterns.model import PATTERN, Detected, Detector, Signal, detected
from rust_ai_ide.architecture.patterns.words import words
from rust_ai_ide.architecture.types.facts import Field, Function
from rust_ai_ide.architecture.types.index import Declared
from rust_ai_ide.architecture.types.structure import ModuleTypes

_NAMES = frozenset({"service", "usecase", "interactor", "controller"})
_COMPONENTS = frozenset(
    {
        "service",
        "repository",
        "repo",
        "client",
        "conn",
        "connection",
        "pool",
        "db",
        "database",
        "store",
        "gateway",
    }
    | {"notifier", "mailer", "provider", "storage", "metrics", "publisher", "bus", "mail", "cache"}
)
_OF_LIBRARIES = frozenset({"Service", "HttpService", "NamedService", "Layer", "Future", "Stream"})
_AROUND_OTHERS = frozenset(
    {"mock", "stack", "wrapper", "adapter", "generator", "layer", "context", "client", "factory"}
)
_FEWEST_METHODS = 2


def _find(code: Code) -> Iterator[Detected]:
    for declared in code.types:
        if declared.type.kind == "struct" and declared.type.fields:
            yield from detected("service", declared.path, declared.place, _signals(code, declared))


def _signals(code: Code, declared: Declared) -> list[Signal]:
    impls = code.index.of_type.get(declared.id, [])
    traits = {each.impl.trait.rpartition("::")[2] for each in impls}
    if traits & _OF_LIBRARIES or _AROUND_OTHERS.intersection(words(declared.type.name)):
        return []
    methods = [(module, method) for module, method in code.methods(declared.id) if method.receiver]
    components = [field for field in declared.type.fields if _is_component(declared, field)]
    asking = [pair for pair in methods if _asks(pair[1], {field.name for field in components})]
    if not components or not asking or 2 * len(components) < len(declared.type.fields):
        return []
    found = [_given(declared, components)]
    if len(asking) >= _FEWEST_METHODS and 2 * len(asking) >= len(methods):
        module, method = asking[0]
        sentence = f"Of {len(methods)} methods {len(asking)} ask them, such as {method.name}."
        found.append(Signal(sentence, 0.3, module.place(method.line)))
    found += _stateless(methods)
    found += _called_so(declared, traits)
    return found


def _is_component(declared: Declared, field: Field) -> bool:
    """Whether a field is something that was handed in: behind a trait, generic with a bound, or called so."""
    is_behind_trait = bool(field.dynamic) and not {"Fn", "FnMut", "FnOnce", "Future"}.intersection(
        field.dynamic
    )
    is_generic = declared.type.is_generic and any(len(name) <= 2 for name in field.types)
    called = _COMPONENTS.intersection(words(field.name)) or any(
        _COMPONENTS.intersection(words(name)[-1:]) for name in field.types
    )
    return is_behind_trait or (is_generic and bool(declared.type.bounds)) or bool(called)


def _asks(method: Function, components: set[str]) -> bool:
    return any(asked.partition(".")[0] in components for asked in method.asked)


def _given(declared: Declared, components: list[Field]) -> Signal:
    names = ", ".join(field.name for field in components[:4])
    place = declared.module.place(components[0].line)
    return Signal(f"It holds what it works with: {names}.", 0.3, place)


def _stateless(methods: list[tuple[ModuleTypes, Function]]) -> Iterator[Signal]:
    if methods and not any(method.writes or method.receiver == "&mut self" for _, method in methods):
        yield Signal("No method changes a field.", 0.15)


def _called_so(declared: Declared, traits: set[str]) -> Iterator[Signal]:
    named = next(
        (name for name in (declared.type.name, *sorted(traits)) if _NAMES.intersection(words(name))), None
    )
    if named is not None:
        yield Signal(f"It is called so: {named}.", 0.3, declared.place, is_structural=False)


SERVICE = Detector(
    "service",
    "Service",
    PATTERN,
    "A struct most of whose fields are what it works with (behind traits, generic, or clients and stores), whose "
    "methods ask these and change no field.",
    _find,
)
