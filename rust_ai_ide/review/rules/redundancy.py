"""Style rules about words that say nothing."""

import re
from collections.abc import Iterator

from rust_ai_ide.review.findings import Category, Severity
from rust_ai_ide.review.rules.model import Hit, Match, RuleSet
from rust_ai_ide.review.rules.shapes import arguments, method_name, owner, receiver
from rust_ai_ide.review.unit import FUNCTIONS

RULES = RuleSet(Category.STYLE)

_NO_COLLECTION = re.compile(rb"(?:meta(?:data)?|file|iter|stat)$")


@RULES.match(
    "redundant_field_names",
    "Field set from a variable of the same name",
    Severity.WARNING,
    0.98,
    "(field_initializer field: (field_identifier) @field value: (identifier) @value) @initializer",
    lint="clippy::style",
)
def redundant_field_names(match: Match) -> Iterator[Hit]:
    """Find `S { a: a }`."""
    if match.text("field") == match.text("value"):
        name = match.text("field").decode(errors="replace")
        yield match.hit(
            match["initializer"],
            f"`{name}: {name}` says the name twice",
            f"Write `{name}`.",
            edits=match.replaced(match["initializer"], match.text("value")),
        )


@RULES.match(
    "redundant_static_lifetimes",
    "`'static` where it is implied",
    Severity.WARNING,
    0.97,
    "[(const_item type: (_) @type) (static_item type: (_) @type)] @item",
    lint="clippy::style",
)
def redundant_static_lifetimes(match: Match) -> Iterator[Hit]:
    """Find `const A: &'static str`; associated constants do not imply the lifetime."""
    if b"'static" not in match.text("type") or owner(match.unit, match["item"]):
        return
    waiting = [match["type"]]
    while waiting:
        node = waiting.pop()
        if node.type == "lifetime" and match.unit.text(node) == b"'static":
            yield match.hit(node, "Constants and statics have the `'static` lifetime anyway", "Remove it.")
        elif node.type in ("reference_type", "array_type", "tuple_type"):
            waiting.extend(node.named_children)


@RULES.match(
    "double_parens",
    "Parentheses around parentheses",
    Severity.WARNING,
    0.95,
    """[(parenthesized_expression (parenthesized_expression) @inner)
        (arguments . (parenthesized_expression) @inner .)]""",
    lint="clippy::complexity",
)
def double_parens(match: Match) -> Iterator[Hit]:
    """Find `((x))` and `f((x))`."""
    yield match.hit(match["inner"], "These parentheses stand inside others", "Remove one pair.")


@RULES.match(
    "let_with_type_underscore",
    "`let` with the type `_`",
    Severity.WARNING,
    0.97,
    "(let_declaration type: (_) @type)",
    lint="clippy::complexity",
)
def let_with_type_underscore(match: Match) -> Iterator[Hit]:
    """Find `let x: _ = …`."""
    if match.text("type") == b"_":
        pattern = match["type"].prev_named_sibling
        yield match.hit(
            match["type"],
            "The type `_` is what a missing type means anyway",
            "Remove `: _`.",
            edits=((pattern.end_byte, match["type"].end_byte, b""),) if pattern else (),
        )


@RULES.match(
    "bool_comparison",
    "Comparison with `true` or `false`",
    Severity.WARNING,
    0.9,
    "(binary_expression (boolean_literal) @literal) @comparison",
    lint="clippy::complexity",
)
def bool_comparison(match: Match) -> Iterator[Hit]:
    """Find `x == true`."""
    if match.unit.field(match["comparison"], "operator") not in (b"==", b"!="):
        return
    literal = match.text("literal").decode()
    yield match.hit(
        match["comparison"],
        f"Comparing with `{literal}` adds nothing to a condition",
        "Use the value or its negation.",
    )


@RULES.match(
    "len_zero",
    "Length compared with zero",
    Severity.WARNING,
    0.65,
    "(binary_expression left: (call_expression) @call right: (integer_literal) @number) @comparison",
    lint="clippy::style",
    needs_types=True,
)
def len_zero(match: Match) -> Iterator[Hit]:
    """Find `x.len() == 0` outside the definition of `is_empty`."""
    compared = match.unit.field(match["comparison"], "operator") + match.text("number")
    if compared not in (b"==0", b"!=0", b">0", b"<1", b">=1"):
        return
    value = receiver(match["call"])
    if value is None or method_name(match.unit, match["call"]) != b"len" or arguments(match["call"]):
        return
    if value.type == "call_expression" or _NO_COLLECTION.search(match.unit.text(value)):
        return  # an iterator or the metadata of a file, which have `len` but no `is_empty`
    function = match.unit.around(match["comparison"], FUNCTIONS)
    if function and match.unit.name(function.node) == b"is_empty":
        return
    wanted = "is_empty()" if compared in (b"==0", b"<1") else "!….is_empty()"
    yield match.hit(
        match["comparison"], "Asking for a length to learn whether it is zero", f"Use `{wanted}`."
    )
