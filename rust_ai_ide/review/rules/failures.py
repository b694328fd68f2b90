"""Architecture rules about how errors travel."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from rust_ai_ide.review.findings import Category, Severity
from rust_ai_ide.review.rules.model import Hit, Match, RuleSet, Where
from rust_ai_ide.review.rules.patterns import FUNCTION, MACRO, METHOD_CALL
from rust_ai_ide.review.rules.shapes import (
    arguments,
    in_trait_impl,
    is_fully_visible,
    macro_name,
    method_name,
    receiver,
)
from rust_ai_ide.review.unit import CONSTS, Unit

if TYPE_CHECKING:
    from tree_sitter import Node

RULES = RuleSet(Category.ARCHITECTURE)

_BOXED = re.compile(rb"\bBox\s*<\s*dyn\s+(?:[\w:]+::)?Error\b")
_UNIT_ERROR = re.compile(rb"^(?:std::result::)?Result\s*<.*,\s*\(\s*\)\s*>$", re.DOTALL)
_EXIT = re.compile(rb"((?:\b\w+\s*::\s*)?\bprocess::exit)\s*\(")
_OTHER_PLACE = frozenset({b"external", b"with_span"})
_POISONED = frozenset({b"lock", b"read", b"write", b"join", b"into_inner", b"get_mut"})


@RULES.match(
    "unwrap_used",
    "`unwrap` in library code",
    Severity.INFO,
    0.65,
    METHOD_CALL,
    names=("unwrap",),
    where=Where.LIBRARY,
    lint="clippy::restriction",
    needs_types=True,
)
def unwrap_used(match: Match) -> Iterator[Hit]:
    """Find `.unwrap()`, except on locks, where a panic elsewhere is what it passes on."""
    if arguments(match["call"]) or match.unit.enclosing(match["call"].start_byte, CONSTS):
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
    0.65,
    METHOD_CALL,
    names=("expect",),
    where=Where.LIBRARY,
    lint="clippy::restriction",
    needs_types=True,
)
def expect_used(match: Match) -> Iterator[Hit]:
    """Find `.expect("…")`."""
    given = arguments(match["call"])
    if (
        len(given) == 1
        and "string" in given[0].type
        and not match.unit.enclosing(given[0].start_byte, CONSTS)
    ):
        message = "A library that panics takes the decision away from its caller"
        yield match.hit(match["name"], message, "Return the error if it can happen at all.")


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
    """Find `panic!`."""
    if not match.unit.enclosing(match["macro"].start_byte, CONSTS):
        message = "A library that panics takes the decision away from its caller"
        yield match.hit(match["macro"], message, "Return an error, or document the panic under `# Panics`.")


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


@RULES.match(
    "discarded_result",
    "Error thrown away with `.ok()`",
    Severity.INFO,
    0.8,
    METHOD_CALL,
    names=("ok",),
    where=Where.PRODUCTION,
)
def discarded_result(match: Match) -> Iterator[Hit]:
    """Find `f().ok();` as a statement."""
    statement = match["call"].parent
    if statement is None or statement.type != "expression_statement" or arguments(match["call"]):
        return
    if match.unit.text(statement).endswith(b";"):
        message = "The error is thrown away without a trace"
        yield match.hit(
            match["call"], message, "Handle it, log it, or say in a comment why it does not matter."
        )


@RULES.match(
    "swallowed_error",
    "Error branch that does nothing",
    Severity.INFO,
    0.75,
    "(match_arm pattern: (match_pattern (tuple_struct_pattern type: (_) @name)) value: (block) @block) @arm",
    names=("Err",),
    where=Where.PRODUCTION,
)
def swallowed_error(match: Match) -> Iterator[Hit]:
    """Find `Err(_) => {}` without so much as a comment."""
    if match["block"].named_child_count == 0:
        message = "This error ends here without a trace"
        yield match.hit(
            match["arm"], message, "Handle it, log it, or say in a comment why it does not matter."
        )


@RULES.match(
    "boxed_error_in_public_api",
    "Public function with a boxed error",
    Severity.INFO,
    0.85,
    FUNCTION,
    where=Where.LIBRARY,
)
def boxed_error_in_public_api(match: Match) -> Iterator[Hit]:
    """Find `pub fn … -> Result<_, Box<dyn Error>>`."""
    unit, function = match.unit, match["function"]
    kind = function.child_by_field_name("return_type")
    if kind is None or not _BOXED.search(unit.text(kind)):
        return
    if is_fully_visible(unit, function) and not in_trait_impl(unit, function):
        message = "Callers cannot tell the errors of this function apart"
        yield match.hit(kind, message, "Return an error type of your own.")


@RULES.match(
    "result_unit_err",
    "Public function with `()` as its error",
    Severity.INFO,
    0.8,
    FUNCTION,
    where=Where.LIBRARY,
    lint="clippy::style",
)
def result_unit_err(match: Match) -> Iterator[Hit]:
    """Find `pub fn … -> Result<_, ()>`."""
    unit, function = match.unit, match["function"]
    kind = function.child_by_field_name("return_type")
    if kind is None or not _UNIT_ERROR.match(unit.text(kind)):
        return
    if is_fully_visible(unit, function) and not in_trait_impl(unit, function):
        message = "`()` says nothing about what went wrong and cannot be used with `?`"
        yield match.hit(kind, message, "Use an error type, or `Option` if there is nothing to say.")
