"""Performance rules about formatting macros that make a text for nothing."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from rust_ai_ide.review.findings import Category, Severity
from rust_ai_ide.review.rules.model import Hit, Match, RuleSet
from rust_ai_ide.review.rules.patterns import MACRO, METHOD_CALL
from rust_ai_ide.review.rules.shapes import arguments, macro_name
from rust_ai_ide.review.unit import Unit

if TYPE_CHECKING:
    from tree_sitter import Node

RULES = RuleSet(Category.PERFORMANCE)

_TEXT = re.compile(rb'\s*(?:r#*)?"|\s*concat!')
_SPECIFIED = re.compile(rb"(?<!\{)\{[^{}:]*:[^{}]*\}")
_TO_STRING = re.compile(rb"\s*(?:\w+\s*=\s*)?([\w.&*]+)(\.to_string\(\))\s*$")


@RULES.match(
    "useless_format",
    "`format!` of a fixed text",
    Severity.WARNING,
    0.95,
    MACRO,
    names=("format",),
    lint="clippy::complexity",
)
def useless_format(match: Match) -> Iterator[Hit]:
    """Find `format!("fixed")`."""
    macro = match["macro"]
    tokens = macro.named_child(macro.named_child_count - 1)
    if tokens is None or tokens.named_child_count != 1:
        return
    only = tokens.named_children[0]
    text = match.unit.text(only)
    if only.type == "string_literal" and b"{" not in text and b"}" not in text and tokens.child_count == 3:
        yield match.hit(
            match["macro"], "There is nothing to format in this text", "Use `.to_owned()` on the text."
        )


@RULES.match(
    "format_push_string",
    "Temporary string appended to another",
    Severity.INFO,
    0.95,
    METHOD_CALL,
    names=("push_str",),
    lint="clippy::pedantic",
)
def format_push_string(match: Match) -> Iterator[Hit]:
    """Find `s.push_str(&format!(…))`."""
    for argument in arguments(match["call"])[:1]:
        value = argument.child_by_field_name("value") if argument.type == "reference_expression" else None
        if macro_name(match.unit, value) == b"format":
            message = "This builds a string only to copy it into another"
            yield match.hit(match["call"], message, "Use `write!` with `std::fmt::Write`.")


@RULES.match(
    "expect_fun_call",
    "Message built although nothing failed",
    Severity.WARNING,
    0.95,
    METHOD_CALL,
    names=("expect",),
    lint="clippy::perf",
)
def expect_fun_call(match: Match) -> Iterator[Hit]:
    """Find `x.expect(&format!(…))`."""
    for argument in arguments(match["call"])[:1]:
        value = argument.child_by_field_name("value") if argument.type == "reference_expression" else argument
        if macro_name(match.unit, value) == b"format":
            message = "The message is built each time, also when there is a value"
            yield match.hit(match["name"], message, "Use `unwrap_or_else(|error| panic!(…))`.")


@RULES.match(
    "to_string_in_format_args",
    "`to_string` inside a formatting macro",
    Severity.WARNING,
    0.8,
    MACRO,
    names=("format", "println", "print", "eprintln", "eprint", "write", "writeln", "panic"),
    lint="clippy::perf",
)
def to_string_in_format_args(match: Match) -> Iterator[Hit]:
    """Find `println!("{}", x.to_string())`, which formats twice; a width or `:?` may ask for just that."""
    macro = match["macro"]
    tokens = macro.named_child(macro.named_child_count - 1)
    if tokens is None or b".to_string()" not in match.unit.text(tokens):
        return
    given = _arguments_of_macro(match.unit, tokens)
    form = next((at for at, text in enumerate(given) if _TEXT.match(text[1])), None)
    if form is None or _SPECIFIED.search(given[form][1]):
        return
    for start, text in given[form + 1 :]:
        found = _TO_STRING.match(text)
        if found and not (found[1].lstrip(b"&*") == b"self" and b"fn to_string" in match.unit.source):
            start += found.start(2)
            message = "The macro formats the value itself, so `to_string` allocates for nothing"
            yield Hit(start, start + len(found[2]), message, "Remove `.to_string()`.")


def _arguments_of_macro(unit: Unit, tokens: "Node") -> list[tuple[int, bytes]]:
    """Return where each of the arguments of a macro starts, with its text."""
    places, start = [], tokens.start_byte + 1
    for token in tokens.children[1:]:
        if token.type == "," or token.end_byte == tokens.end_byte:
            places.append((start, unit.source[start : token.start_byte]))
            start = token.end_byte
    return places
