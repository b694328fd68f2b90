"""Style rules about the branches of `if`."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from rust_ai_ide.review.findings import Category, Severity
from rust_ai_ide.review.rules.leaving import always_leaves, ends_its_function
from rust_ai_ide.review.rules.mending import indentation, moved
from rust_ai_ide.review.rules.model import Hit, Match, RuleSet
from rust_ai_ide.review.unit import COMMENTS

if TYPE_CHECKING:
    from tree_sitter import Node

RULES = RuleSet(Category.STYLE)

_DECLARING = frozenset({"let_declaration", "macro_invocation", "inner_attribute_item", "attribute_item"})


@RULES.match(
    "redundant_else",
    "`else` after a branch that always leaves",
    Severity.INFO,
    0.9,
    "(expression_statement (if_expression alternative: (else_clause)) @if) @statement",
    lint="clippy::pedantic",
)
def redundant_else(match: Match) -> Iterator[Hit]:
    """Find `if … { return …; } else { … }` as a statement, also at the end of a chain of such branches."""
    node: Node | None = match["if"]
    last = clause = None
    while node is not None and node.type == "if_expression":
        last, clause = node, node.child_by_field_name("alternative")
        if clause is None or not always_leaves(match.unit, node.child_by_field_name("consequence")):
            return
        node = next(
            (child for child in clause.named_children if child.type in ("if_expression", "block")), None
        )
    if node is None or clause is None or last is None:
        return
    if any(one.type == "attribute_item" for one in match.unit.attributes_before(match["statement"])):
        return  # what is compiled under a condition may be the value of the block in one case only
    yield match.hit(
        clause,
        "The branch before this `else` always leaves, so the `else` only adds indentation",
        "Move the code of the `else` block out of it.",
        edits=_taken_out(match, clause, node),
    )


def _taken_out(match: Match, clause: "Node", block: "Node") -> tuple[tuple[int, int, bytes], ...]:
    """Return the edits that put the code of an `else` behind the `if`, where it means the same there."""
    source, statement = match.unit.source, match["statement"]
    before = clause.prev_sibling
    if before is None or statement.child_count > 1 or block.children[0].type == "label":
        return ()
    if ends_its_function(match.unit, statement)[0]:
        return ()  # its branches give their values better without `return`
    if source[before.end_byte : block.start_byte + 1].split() not in ([b"else", b"{"], [b"else{"]):
        return ()
    follower, inside = statement.next_named_sibling, block.named_children
    while follower is not None and follower.type in COMMENTS:
        follower = follower.next_named_sibling
    if any(child.type == "inner_attribute_item" for child in inside):
        return ()
    ending = b""
    if follower is not None and follower.type == "empty_statement":
        return ()
    if follower is not None:
        if any(child.type in _DECLARING or child.type.endswith("_item") for child in inside):
            return ()  # its names would be seen by what follows
        if inside and inside[-1].is_extra:
            return ()
        ending = b"" if not inside or inside[-1].type == "expression_statement" else b";"
    start = block.start_byte + 1
    end = inside[-1].end_byte if inside and not inside[-1].is_extra else block.end_byte - 1
    margin = indentation(source, match["if"].start_byte)
    text = moved(match.unit, block, start, end, margin).strip()
    rest = source[end : block.end_byte - 1].strip()
    if rest:
        return ()
    tail = b"\n" + margin if _rest_of_line(source, block.end_byte) and inside and inside[-1].is_extra else b""
    return ((before.end_byte, block.end_byte, b"\n" + margin + text + ending + tail if text else b""),)


def _rest_of_line(source: bytes, at: int) -> bytes:
    end = source.find(b"\n", at)
    return source[at : end if end >= 0 else len(source)].strip()
