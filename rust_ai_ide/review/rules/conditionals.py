"""Style rules about nested `if` and `else`."""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

from rust_ai_ide.review.findings import Category, Severity
from rust_ai_ide.review.rules.mending import below, indentation, moved
from rust_ai_ide.review.rules.model import Hit, Match, RuleSet
from rust_ai_ide.review.rules.patterns import IF
from rust_ai_ide.review.unit import COMMENTS
from rust_ai_ide.source.syntax.parsing import parse_rust

if TYPE_CHECKING:
    from tree_sitter import Node

RULES = RuleSet(Category.STYLE)

_LETS = frozenset({"let_condition", "let_chain"})
_WITHOUT_EDITION = 0.5
_LET_CHAIN = re.compile(rb"&&\s*let\s")
_LOOSE = frozenset(
    {
        "assignment_expression",
        "break_expression",
        "closure_expression",
        "compound_assignment_expr",
        "range_expression",
        "return_expression",
    }
)


@RULES.match(
    "collapsible_if",
    "Nested `if` that could be one condition",
    Severity.WARNING,
    0.95,
    IF,
    lint="clippy::style",
)
def collapsible_if(match: Match) -> Iterator[Hit]:
    """Find `if a { if b { … } }` without any `else`. To join `let` needs an edition that not every crate has."""
    outer = match["if"]
    block = outer.child_by_field_name("consequence")
    inner = _sole_if(block)
    if block is None or inner is None:
        return
    conditions: list[Node] = []
    for one in (outer, inner):
        condition = one.child_by_field_name("condition")
        if one.child_by_field_name("alternative") or condition is None:
            return
        conditions.append(condition)
    message, advice = "This `if` holds nothing but another `if`", "Join the two conditions with `&&`"
    if any(one.type in _LETS for one in conditions) and not _has_let_chains(match.unit.source):
        yield match.hit(
            outer,
            message,
            f"{advice} where the edition is 2024 or newer.",
            severity=Severity.INFO,
            confidence=_WITHOUT_EDITION,
        )
        return
    yield match.hit(
        outer,
        message,
        f"{advice}.",
        edits=_joined(match, conditions, block, inner),
    )


def _joined(
    match: Match, conditions: "list[Node]", block: "Node", inner: "Node"
) -> tuple[tuple[int, int, bytes], ...]:
    source, (first, second) = match.unit.source, conditions
    body = inner.child_by_field_name("consequence")
    between = source[first.end_byte : second.start_byte]
    if body is None or between.split() != [b"{", b"if"]:
        return ()
    if source[body.end_byte : block.end_byte].split() != [b"}"]:
        return ()
    texts = [
        b"(" + match.unit.text(one) + b")" if _is_loose(match, one) else match.unit.text(one)
        for one in conditions
    ]
    margin = indentation(source, match["if"].start_byte)
    text = b" && ".join(texts) + b" " + moved(match.unit, body, body.start_byte, body.end_byte, margin)
    return ((first.start_byte, block.end_byte, text),)


def _is_loose(match: Match, condition: "Node") -> bool:
    """Tell whether `&&` would catch a part of a condition."""
    return condition.type in _LOOSE or match.unit.field(condition, "operator") == b"||"


@lru_cache(maxsize=1)
def _has_let_chains(source: bytes) -> bool:
    """Tell whether a file shows that its edition joins `let` with `&&`, outside of macros."""
    if not _LET_CHAIN.search(source):
        return False
    return any(node.type == "let_chain" for node in below(parse_rust(source).root_node))


def _sole_if(block: "Node | None") -> "Node | None":
    """Return the `if` that is all the code of a block, without comment or attribute before it."""
    if block is None or block.type != "block" or block.named_child_count == 0:
        return None
    only, *others = block.named_children
    if any(other.type not in COMMENTS for other in others):
        return None
    if only.type == "expression_statement":
        only = only.named_children[0]
    if only.type == "parenthesized_expression" and only.named_child_count == 1:
        only = only.named_children[0]
    return only if only.type == "if_expression" else None


@RULES.match(
    "collapsible_else_if",
    "`else` block that holds only an `if`",
    Severity.INFO,
    0.95,
    "(else_clause (block) @block) @else",
    lint="clippy::pedantic",
)
def collapsible_else_if(match: Match) -> Iterator[Hit]:
    """Find `else { if … }`, unless the two branches before and after `else` are pairs of the same form."""
    inner, parent = _sole_if(match["block"]), match["else"].parent
    if inner is None or parent is None:
        return
    before = _sole_if(parent.child_by_field_name("consequence"))
    if before is not None and all(one.child_by_field_name("alternative") for one in (before, inner)):
        return
    source, block = match.unit.source, match["block"]
    edits: tuple[tuple[int, int, bytes], ...] = ()
    around = (source[block.start_byte : inner.start_byte], source[inner.end_byte : block.end_byte])
    if [part.split() for part in around] == [[b"{"], [b"}"]]:
        margin = indentation(source, match["else"].start_byte)
        text = moved(match.unit, inner, inner.start_byte, inner.end_byte, margin)
        parting = b"" if source[block.start_byte - 1 : block.start_byte].isspace() else b" "
        edits = ((block.start_byte, block.end_byte, parting + text),)
    yield match.hit(
        match["else"], "This `else` block holds nothing but an `if`", "Write `else if`.", edits=edits
    )
