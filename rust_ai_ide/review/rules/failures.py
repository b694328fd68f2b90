"""Architecture rules about libraries that panic or end the process."""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

from rust_ai_ide.review.findings import Category, Severity
from rust_ai_ide.review.rules.model import Hit, Match, RuleSet, Where
from rust_ai_ide.review.rules.patterns import MACRO, METHOD_CALL
from rust_ai_ide.review.rules.shapes import arguments, macro_name, method_name, receiver
from rust_ai_ide.review.unit import COMMENTS, CONSTS, Unit

if TYPE_CHECKING:
    from tree_sitter import Node

RULES = RuleSet(Category.ARCHITECTURE)

_EXIT = re.compile(rb"((?:\b\w+\s*::\s*)?\bprocess::exit)\s*\(")
_OTHER_PLACE = frozenset({b"external", b"with_span"})
_MEANT = 0.5  # a panic that the code speaks of, or cannot do without
_FUNCTION = frozenset({"function_item"})
_MACROS = (b"proc_macro", b"syn::", b"TokenStream")
_OPERATORS = frozenset({b"index", b"index_mut"})
# A slice of as many bytes as are written there, and numbers that have room on every machine in use.
_FITS = re.compile(
    rb"\[\s*(?:\d+)?\s*\.\.=?\s*\d+\s*\]\s*\.\s*try_into\(\)$|^(?:[ui]64|[ui]128)::try_from\(\w+\)$"
)
_LOCKED = frozenset({b"lock", b"read", b"write"})
_POISONED = frozenset({b"lock", b"read", b"write", b"join", b"into_inner", b"get_mut"})


@RULES.match(
    "unwrap_used",
    "`unwrap` in library code",
    Severity.INFO,
    0.55,
    METHOD_CALL,
    names=("unwrap",),
    where=Where.LIBRARY,
    lint="clippy::restriction",
    needs_types=True,
)
def unwrap_used(match: Match) -> Iterator[Hit]:
    """Find `.unwrap()`, except on locks, where a panic elsewhere is what it passes on, and where it cannot fail."""
    if arguments(match["call"]) or match.unit.enclosing(match["call"].start_byte, CONSTS):
        return
    if not _may_panic_at_callers(match.unit, receiver(match["call"])):
        return
    if method_name(match.unit, receiver(match["call"])) not in _POISONED:
        message = "A library that panics takes the decision away from its caller"
        yield match.hit(
            match["name"], message, "Return the error with `?`, or say with `expect` why it cannot happen."
        )


@RULES.match(
    "expect_used",
    "`expect` in library code",
    Severity.INFO,
    0.5,
    METHOD_CALL,
    names=("expect",),
    where=Where.LIBRARY,
    lint="clippy::restriction",
    needs_types=True,
)
def expect_used(match: Match) -> Iterator[Hit]:
    """Find `.expect("…")`, except on locks and where it cannot fail."""
    given = arguments(match["call"])
    before = receiver(match["call"])
    if method_name(match.unit, before) in _LOCKED or not _may_panic_at_callers(match.unit, before):
        return
    if (
        len(given) == 1
        and "string" in given[0].type
        and not match.unit.enclosing(given[0].start_byte, CONSTS)
    ):
        message = "A library that panics takes the decision away from its caller"
        yield match.hit(match["name"], message, "Return the error if it can happen at all.")


def _may_panic_at_callers(unit: Unit, value: "Node | None") -> bool:
    """Tell whether a value may be an error for those who call the library; callers of macros get one to read."""
    function = unit.enclosing(value.start_byte, _FUNCTION) if value is not None else None
    if _is_of_macros(unit.source) or (function and _tells_of_panics(unit, function.node)):
        return False
    return value is None or not _FITS.search(unit.text(value))


@lru_cache(maxsize=1)
def _is_of_macros(source: bytes) -> bool:
    """Tell whether a file belongs to a procedural macro, where a panic is an error of the compiler."""
    return any(mark in source for mark in _MACROS)


@RULES.match(
    "panic",
    "`panic!` in library code",
    Severity.INFO,
    0.85,
    MACRO,
    names=("panic",),
    where=Where.LIBRARY,
    lint="clippy::restriction",
)
def panic(match: Match) -> Iterator[Hit]:
    """Find `panic!`; where the documentation tells of it, or the function cannot fail in another way, it is a guess."""
    unit, start = match.unit, match["macro"].start_byte
    if unit.enclosing(start, CONSTS):
        return
    function = unit.enclosing(start, _FUNCTION)
    is_meant = _is_of_macros(unit.source) or (function is not None and _has_to_panic(unit, function.node))
    yield match.hit(
        match["macro"],
        "A library that panics takes the decision away from its caller",
        "Return an error, or document the panic under `# Panics`.",
        confidence=_MEANT if is_meant else None,
    )


def _has_to_panic(unit: Unit, function: "Node") -> bool:
    """Tell whether a function says that it panics, never returns, or is an operator that only gives a value."""
    if unit.field(function, "return_type") == b"!" or unit.name(function) in _OPERATORS:
        return True
    return _tells_of_panics(unit, function)


def _tells_of_panics(unit: Unit, function: "Node") -> bool:
    return any(
        before.type in COMMENTS and b"Panics" in unit.text(before)
        for before in unit.attributes_before(function)
    )


@RULES.match(
    "unreachable",
    "`unreachable!` in library code",
    Severity.INFO,
    0.85,
    MACRO,
    names=("unreachable",),
    where=Where.LIBRARY,
    lint="clippy::restriction",
)
def unreachable(match: Match) -> Iterator[Hit]:
    """Find `unreachable!`."""
    if not match.unit.enclosing(match["macro"].start_byte, CONSTS):
        message = "If this is reached after all, the library panics"
        advice = "Let the types rule the case out, or return an error."
        yield match.hit(match["macro"], message, advice)


@RULES.file(
    "exit",
    "Library that ends the process",
    Severity.INFO,
    0.9,
    where=Where.LIBRARY,
    lint="clippy::restriction",
)
def exit_called(unit: Unit) -> Iterator[Hit]:
    """Find `std::process::exit` outside of `main`, also among the arguments of macros, where there are only tokens."""
    for found in _EXIT.finditer(unit.source) if b"process::exit" in unit.source else ():
        node = unit.root.descendant_for_byte_range(found.end(1) - 1, found.end(1))
        if node is None or node.type != "identifier" or _is_of_elsewhere(unit, node):
            continue
        function = unit.enclosing(found.start(), frozenset({"function_item"}))
        if function is None or unit.name(function.node) != b"main":
            message = "The process ends here without running destructors or asking the caller"
            yield Hit(found.start(1), found.end(1), message, "Return an error and let `main` decide.")


def _is_of_elsewhere(unit: Unit, node: "Node") -> bool:
    """Tell whether tokens go to a procedural macro by whose name they become the code of another place."""
    around = node.parent
    while around is not None and around.type == "token_tree":
        around = around.parent
    return macro_name(unit, around) in _OTHER_PLACE
