"""Style rules about words that say nothing."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from rust_ai_ide.review.findings import Category, Severity
from rust_ai_ide.review.rules.declared import COLLECTIONS, types_of
from rust_ai_ide.review.rules.mending import holds_comment
from rust_ai_ide.review.rules.model import Hit, Match, RuleSet
from rust_ai_ide.review.rules.patterns import BINARY
from rust_ai_ide.review.rules.shapes import arguments, method_name, owner, receiver
from rust_ai_ide.review.unit import FUNCTIONS, Unit

if TYPE_CHECKING:
    from tree_sitter import Node

RULES = RuleSet(Category.STYLE)

_MIRRORED = bytes.maketrans(b"<>", b"><")
_GUESS = 0.5
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
            edits=()
            if holds_comment(match["initializer"])
            else match.replaced(match["initializer"], match.text("value")),
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
            end = node.end_byte
            while match.unit.source[end : end + 1] in (b" ", b"\t"):
                end += 1
            yield match.hit(
                node,
                "Constants and statics have the `'static` lifetime anyway",
                "Remove it.",
                edits=((node.start_byte, end, b""),),
            )
        elif node.type in ("reference_type", "array_type", "tuple_type"):
            waiting.extend(node.named_children)


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
    if match.text("type") != b"_":
        return
    node = match["type"]
    colon = node.prev_sibling
    edits: tuple[tuple[int, int, bytes], ...] = ()
    if colon is not None and colon.type == ":" and colon.prev_sibling is not None:
        edits = ((colon.prev_sibling.end_byte, node.end_byte, b""),)
    yield match.hit(
        node,
        "The type `_` is what a missing type means anyway",
        "Remove `: _`.",
        edits=edits,
    )


@RULES.match(
    "len_zero",
    "Length compared with zero",
    Severity.WARNING,
    0.65,
    BINARY,
    names=("==", "!=", "<", ">", "<=", ">="),
    lint="clippy::style",
    needs_types=True,
)
def len_zero(match: Match) -> Iterator[Hit]:
    """Find `x.len() == 0` outside the definition of `is_empty`. Whether the type has that, only a compiler knows."""
    unit, node, sign = match.unit, match["binary"], match.text("name")
    call, number = node.child_by_field_name("left"), node.child_by_field_name("right")
    if call is None or number is None:
        return
    if call.type == "integer_literal":
        call, number, sign = number, call, sign.translate(_MIRRORED)
    if call.type != "call_expression" or number.type != "integer_literal":
        return
    compared = sign + unit.text(number)
    if compared not in (b"==0", b"!=0", b">0", b"<1", b">=1"):
        return
    value = receiver(call)
    if value is None or method_name(unit, call) != b"len" or arguments(call):
        return
    if value.type == "call_expression" or _NO_COLLECTION.search(unit.text(value)):
        return  # an iterator or the metadata of a file, which have `len` but no `is_empty`
    is_collection = _is_collection(unit, value)
    if is_collection is False:
        return
    function = unit.around(node, FUNCTIONS)
    if function and unit.name(function.node) == b"is_empty":
        return
    wanted = "is_empty()" if compared in (b"==0", b"<1") else "!….is_empty()"
    yield match.hit(
        node,
        "Asking for a length to learn whether it is zero",
        f"Use `{wanted}`.",
        severity=None if is_collection else Severity.INFO,
        confidence=None if is_collection else _GUESS,
    )


def _is_collection(unit: Unit, value: "Node") -> bool | None:
    """Tell whether a value has `is_empty`, as far as the file writes down its type; None where it does not."""
    if value.type == "try_expression" or unit.text(value) == b"self":
        return False
    kinds = types_of(unit, value)
    if not kinds:
        return None
    return not kinds.isdisjoint(COLLECTIONS) or b"fn is_empty" in unit.source
