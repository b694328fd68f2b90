"""Style rules about `return`."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from rust_ai_ide.review.findings import Category, Severity
from rust_ai_ide.review.rules.leaving import ends_its_function
from rust_ai_ide.review.rules.mending import starts_with_block
from rust_ai_ide.review.rules.model import Hit, Match, RuleSet
from rust_ai_ide.review.rules.patterns import RETURN
from rust_ai_ide.review.unit import COMMENTS

if TYPE_CHECKING:
    from tree_sitter import Node

    from rust_ai_ide.review.unit import Unit

RULES = RuleSet(Category.STYLE)

# What these give lives until the end of the statement, so longer than the variables of the block at its tail.
_GUARDS = re.compile(rb"\.(?:borrow|borrow_mut|lock|read|write|try_borrow|try_lock|blocking_lock)\s*\(")


@RULES.match(
    "needless_return",
    "`return` at the end of a function",
    Severity.WARNING,
    0.93,
    RETURN,
    lint="clippy::style",
)
def needless_return(match: Match) -> Iterator[Hit]:
    """Find a `return` in tail position."""
    node, unit = match["return"], match.unit
    is_tail, closed_by = ends_its_function(unit, node)
    if not is_tail or _GUARDS.search(unit.text(node)):
        return
    yield match.hit(
        node,
        "The function ends here anyway, so `return` is not needed",
        "Leave the value, or nothing, as the last expression.",
        edits=_without_return(unit, node, closed_by),
    )


def _without_return(
    unit: "Unit", node: "Node", closed_by: "Node | None"
) -> tuple[tuple[int, int, bytes], ...]:
    source, value = unit.source, node.named_children[-1] if node.named_child_count else None
    statement = node.parent if node.parent and node.parent.type == "expression_statement" else node
    end = _end_of_statement(statement)
    if source[node.end_byte : end].strip(b"; \t\r\n"):
        return ()
    edits: tuple[tuple[int, int, bytes], ...]
    if value is not None:
        if source[node.start_byte : value.start_byte].strip() != b"return" or value.type in COMMENTS:
            return ()
        text = unit.text(value)
        text = b"(" + text + b")" if starts_with_block(value) else text
        edits = ((node.start_byte, end, text),)
    elif node.end_byte - node.start_byte > len("return"):
        return ()
    elif statement.parent is not None and statement.parent.type == "block":
        edits = ((*_with_its_line(source, node.start_byte, end), b""),)
    else:
        edits = ((node.start_byte, end, b"()"),)
    if closed_by is not None and value is not None:
        after = _end_of_statement(closed_by)
        whole = closed_by.children[0].end_byte
        if source[whole:after].strip(b"; \t\r\n"):
            return ()
        edits += ((whole, after, b""),)
    return edits


def _end_of_statement(statement: "Node") -> int:
    """Return where the last `;` after a statement ends."""
    end, follower = statement.end_byte, statement.next_named_sibling
    while follower is not None and follower.type == "empty_statement":
        end, follower = follower.end_byte, follower.next_named_sibling
    return end


def _with_its_line(source: bytes, start: int, end: int) -> tuple[int, int]:
    """Return a stretch, or its whole line where nothing else is on that."""
    line = source.rfind(b"\n", 0, start)
    after = source.find(b"\n", end)
    if line >= 0 and after >= 0 and not source[line:start].strip() and not source[end:after].strip():
        return line, end
    return start, end
