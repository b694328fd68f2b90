"""Service discovery."""

from collections.abc import Iterator

from rust_ai_ide.architecture.patterns.code import Code
from rust_ai_ide.architecture.patterns.model import PATTERN, Detected, Detector, Signal, detected
from rust_ai_ide.architecture.patterns.words import words
from rust_ai_ide.architecture.types.index import Declared

_FINDING = frozenset({"discover", "resolve", "lookup", "instances", "endpoints", "backends"})
_ENTERING = frozenset({"register", "deregister", "unregister", "announce", "heartbeat", "renew"})
_PLACES = frozenset(
    {
        "socketaddr",
        "endpoint",
        "endpoints",
        "backend",
        "backends",
        "instance",
        "instances",
        "upstream",
        "peer",
        "peers",
    }
)
_NAMES = frozenset({"discovery", "discover", "registry", "resolver"})


def _find(code: Code) -> Iterator[Detected]:
    for declared in code.types:
        if declared.type.kind in ("struct", "trait"):
            yield from detected("service-discovery", declared.path, declared.place, _signals(code, declared))


def _signals(code: Code, declared: Declared) -> list[Signal]:
    module = declared.module
    methods = declared.type.methods or tuple(method for _, method in code.methods(declared.id))
    finding = next(
        (
            method
            for method in methods
            if _FINDING.intersection(words(method.name)) and _PLACES.intersection(_words_of(method.gives))
        ),
        None,
    )
    if finding is None:
        return []
    found = [Signal(f"{finding.name} gives places where a service runs.", 0.4, module.place(finding.line))]
    entering = next((method for method in methods if _ENTERING.intersection(words(method.name))), None)
    if entering is not None:
        found.append(Signal(f"Services enter by {entering.name}.", 0.35, module.place(entering.line)))
    if _NAMES.intersection(words(declared.type.name)):
        found.append(Signal("It is called so.", 0.25, declared.place, is_structural=False))
    impls = code.impls_of(declared) if declared.type.kind == "trait" else []
    if impls:
        where = impls[0].module.place(impls[0].impl.line)
        found.append(Signal(f"{impls[0].impl.type} is one way of it.", 0.25, where))
    asking = next(
        (
            (at, method)
            for at, method in code.functions()
            if any(asked.rpartition(".")[2] == finding.name for asked in method.asked)
        ),
        None,
    )
    if asking is not None:
        found.append(Signal(f"{asking[1].name} asks it.", 0.2, asking[0].place(asking[1].line)))
    return found


def _words_of(names: tuple[str, ...]) -> set[str]:
    return {
        part
        for name in names
        for part in (*words(name.rpartition("::")[2]), name.rpartition("::")[2].lower())
    }


SERVICE_DISCOVERY = Detector(
    "service-discovery",
    "Service discovery",
    PATTERN,
    "A type or trait with a method that gives the places where services run (addresses, endpoints, backends), that is "
    "asked through a field, has ways for services to enter, or several ways to find them.",
    _find,
)
