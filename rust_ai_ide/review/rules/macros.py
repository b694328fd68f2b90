"""Style rules about macros that are meant for the time of writing."""

import re
from collections.abc import Iterator

from rust_ai_ide.review.findings import Category, Severity
from rust_ai_ide.review.rules.model import Hit, Match, RuleSet, Where
from rust_ai_ide.review.rules.patterns import MACRO
from rust_ai_ide.review.unit import Unit

RULES = RuleSet(Category.STYLE)

_FUNCTION = frozenset({"function_item"})
_FOR_CARGO = re.compile(rb'"cargo::?[\w-]+[=\n:]|"cargo::?\{')
_PRINTS = re.compile(rb"print|dump|display|show|debug", re.IGNORECASE)
_DBG = re.compile(rb"\bdbg\s*!\s*[(\[{]")


@RULES.file(
    "dbg_macro",
    "`dbg!` left in the code",
    Severity.WARNING,
    0.97,
    where=Where.PRODUCTION,
    lint="clippy::restriction",
)
def dbg_macro(unit: Unit) -> Iterator[Hit]:
    """Find `dbg!`, also among the arguments of other macros, where there are only tokens."""
    is_own = b"macro_rules! dbg" in unit.source  # a macro that the file makes itself
    for found in _DBG.finditer(unit.source) if b"dbg" in unit.source and not is_own else ():
        at = found.start()
        node = unit.root.descendant_for_byte_range(at, at + len(b"dbg"))
        if node is None or node.type != "identifier":
            continue
        advice = "Remove it, or log what is worth knowing."
        yield Hit(at, at + len(b"dbg"), "`dbg!` is a tool for debugging", advice)


@RULES.match(
    "todo",
    "`todo!` left in the code",
    Severity.WARNING,
    0.97,
    MACRO,
    names=("todo",),
    lint="clippy::restriction",
)
def todo(match: Match) -> Iterator[Hit]:
    """Find `todo!`."""
    yield match.hit(match["name"], "This code stops the program when it is reached", "Write what is missing.")


@RULES.match(
    "unimplemented",
    "`unimplemented!` in production code",
    Severity.INFO,
    0.9,
    MACRO,
    names=("unimplemented",),
    where=Where.PRODUCTION,
    lint="clippy::restriction",
)
def unimplemented(match: Match) -> Iterator[Hit]:
    """Find `unimplemented!`."""
    message = "`unimplemented!` stops the program when it is reached"
    yield match.hit(match["name"], message, "Return an error that the caller can handle.")


@RULES.match(
    "print_stdout",
    "Library that prints",
    Severity.INFO,
    0.9,
    MACRO,
    names=("println", "print"),
    where=Where.LIBRARY,
    lint="clippy::restriction",
)
def print_stdout(match: Match) -> Iterator[Hit]:
    """Find `println!` in a library, except what Cargo reads from build scripts, and functions that say they print."""
    unit, function = match.unit, match.unit.enclosing(match["macro"].start_byte, _FUNCTION)
    if _FOR_CARGO.search(unit.source) or (function is not None and _PRINTS.search(unit.name(function.node))):
        return
    message = "A library that prints takes standard output away from the program"
    yield match.hit(match["macro"], message, "Return the text, or log it.")
