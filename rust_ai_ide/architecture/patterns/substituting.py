"""Traits that are not kept to: impls that panic instead, and interfaces too large for who implements them."""

from collections.abc import Iterator

from rust_ai_ide.architecture.patterns.code import Code
from rust_ai_ide.architecture.patterns.model import ANTI_PATTERN, Detected, Detector, Signal, detected
from rust_ai_ide.architecture.patterns.words import words
from rust_ai_ide.architecture.types.facts import Function
from rust_ai_ide.architecture.types.index import Declared, Implemented

LARGE_TRAIT = 8
_MANY_STUBS = 3
_MOST_TOLD = 4
_STAND_INS = frozenset({"mock", "mocks", "dummy", "fake", "test", "tests", "testing", "stub", "noop", "dev"})
_WITHOUT_VALUES = frozenset({"Infallible", "Never"})


def _find_lsp(code: Code) -> Iterator[Detected]:
    for declared in code.types:
        if declared.type.kind == "trait":
            yield from detected("substitution", declared.path, declared.place, _lsp(code.impls_of(declared)))


def _stubs(each: Implemented) -> list[Function]:
    return [method for method in each.impl.methods if method.is_stub and not method.is_test]


def _is_meant(each: Implemented) -> bool:
    """Whether an impl is more than a stand-in for tests, and of a type that has values."""
    names = {word for name in (each.impl.type, *each.module.module.path) for word in words(name)}
    return not names & _STAND_INS and each.impl.type.rpartition("::")[2] not in _WITHOUT_VALUES


def _lsp(impls: list[Implemented]) -> list[Signal]:
    lacking = [(each, method) for each in impls if _is_meant(each) for method in _stubs(each)]
    found = [
        Signal(
            f"{each.impl.type} only panics in {method.name}.",
            0.15 if number else 0.5,
            each.module.place(method.line),
        )
        for number, (each, method) in enumerate(lacking[:_MOST_TOLD])
    ]
    names = {method.name for _, method in lacking}
    types = {each.impl.type for each, _ in lacking}
    for other in impls:
        for method in other.impl.methods:
            if method.name in names and other.impl.type not in types and not method.is_stub:
                sentence = f"{other.impl.type} does what {method.name} asks."
                return [*found, Signal(sentence, 0.35, other.module.place(method.line))]
    # Where nobody does it, it is not asked for yet.
    return []


def _find_isp(code: Code) -> Iterator[Detected]:
    for declared in code.types:
        if declared.type.kind == "trait" and len(declared.type.methods) >= LARGE_TRAIT:
            yield from detected("interface-segregation", declared.path, declared.place, _isp(code, declared))


def _isp(code: Code, declared: Declared) -> list[Signal]:
    methods = declared.type.methods
    lacking = [(each, _stubs(each)) for each in code.impls_of(declared) if _is_meant(each)]
    lacking = [(each, stubs) for each, stubs in lacking if stubs]
    panicking = [method for method in methods if method.has_body and method.is_stub]
    if sum(len(stubs) for _, stubs in lacking) + len(panicking) < _MANY_STUBS:
        return []
    found = [Signal(f"It has {len(methods)} methods.", 0.35, declared.place)]
    for each, stubs in lacking[:3]:
        sentence = f"{each.impl.type} only panics in {len(stubs)}, such as {stubs[0].name}."
        found.append(Signal(sentence, 0.4, each.module.place(stubs[0].line)))
    if panicking:
        sentence = f"By default {len(panicking)} only panic, such as {panicking[0].name}."
        found.append(Signal(sentence, 0.4, declared.module.place(panicking[0].line)))
    return found


SUBSTITUTION = Detector(
    "substitution",
    "Impls that cannot stand in (L of SOLID)",
    ANTI_PATTERN,
    "A trait of the project with impls that only panic in a method (`unimplemented!`, `todo!`, `panic!`), while others "
    "do what it asks. Stand-ins for tests do not count.",
    _find_lsp,
)
INTERFACE_SEGREGATION = Detector(
    "interface-segregation",
    "An interface too large (I of SOLID)",
    ANTI_PATTERN,
    f"A trait of at least {LARGE_TRAIT} methods, {_MANY_STUBS} or more of which only panic, in impls or by default.",
    _find_isp,
)
