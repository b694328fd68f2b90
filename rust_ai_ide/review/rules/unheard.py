"""Architecture rules about errors that nobody looks at."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from rust_ai_ide.review.findings import Category, Severity
from rust_ai_ide.review.rules.model import Hit, Match, RuleSet, Where
from rust_ai_ide.review.rules.patterns import METHOD_CALL
from rust_ai_ide.review.rules.shapes import arguments, macro_name, method_name, receiver
from rust_ai_ide.review.unit import COMMENTS, Unit

if TYPE_CHECKING:
    from tree_sitter import Node

RULES = RuleSet(Category.ARCHITECTURE)

_FUNCTION = frozenset({"function_item"})
# The error of these is another state, or was given to a closure before.
_HARMLESS = frozenset(
    {
        b"compare_exchange", b"compare_exchange_weak", b"fetch_update", b"binary_search",
        b"map_err", b"inspect_err", b"or_else", b"catch_unwind", b"set",
    }
)  # fmt: skip
_ANY_ERROR = re.compile(rb"Err\(\s*[a-z_]\w*\s*\)$")
_NAMES = frozenset({"identifier", "self", "field_expression"})
_WRITES = frozenset({b"write", b"writeln"})
_INTO_STRING = frozenset({b"write_str", b"write_char", b"write_fmt"})
_INTO_TEXT = re.compile(rb"\bfmt::(?:Write\b|\{[^}]*\bWrite\b)|\bfmt::\{self, Write")
_RECEIVES = frozenset({b"recv", b"try_recv"})
_SENDS = frozenset({b"send", b"try_send", b"unbounded_send", b"send_async"})
# When nobody receives any more, nobody misses what is sent.
_CHANNEL = re.compile(rb"tx|send|chan|reply|respon|notif|done|connection|signal|event", re.IGNORECASE)


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
    """Find `f().ok();` as a statement without a comment, where somebody could have made use of the error."""
    unit, call = match.unit, match["call"]
    statement, value = call.parent, receiver(call)
    if statement is None or statement.type != "expression_statement" or arguments(call):
        return
    if value is None or value.type in _NAMES:
        return  # a method of that name, or a result that somebody looked at before
    if not unit.text(statement).endswith(b";") or _has_comment(unit, statement) or _is_no_loss(unit, value):
        return
    function = unit.enclosing(call.start_byte, _FUNCTION)
    if function is None or unit.name(function.node) != b"drop":
        message = "The error is thrown away without a trace"
        yield match.hit(
            match["call"], message, "Handle it, log it, or say in a comment why it does not matter."
        )


def _has_comment(unit: Unit, statement: "Node") -> bool:
    """Tell whether a comment stands above a statement, at its end or inside."""
    before = statement.prev_named_sibling
    after = statement.next_named_sibling
    if before is not None and before.type in COMMENTS:
        return True
    if after is not None and after.type in COMMENTS and after.start_point.row == statement.end_point.row:
        return True
    return b"//" in unit.text(statement)


def _is_no_loss(unit: Unit, value: "Node") -> bool:
    """Tell whether an error is a state and not a failure, was dealt with before, or cannot come."""
    if macro_name(unit, value) in _WRITES:
        return _INTO_TEXT.search(unit.source) is not None
    name = method_name(unit, value)
    if name in _SENDS:
        channel = receiver(value)
        return channel is not None and _CHANNEL.search(unit.text(channel)) is not None
    if name in _INTO_STRING:
        return _INTO_TEXT.search(unit.source) is not None
    return name in _HARMLESS or unit.field(value, "function").endswith(b"catch_unwind")


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
    """Find `Err(_) => {}` without so much as a comment, where no other arm looks at some of the errors."""
    unit, arm = match.unit, match["arm"]
    if match["block"].named_child_count or not _ANY_ERROR.match(unit.field(arm, "pattern")):
        return
    function = unit.enclosing(arm.start_byte, _FUNCTION)
    if function is not None and unit.name(function.node) == b"drop":
        return
    if not _has_comment(unit, arm) and not _looks_at_others(unit, arm) and not _is_choice(unit, arm):
        message = "This error ends here without a trace"
        yield match.hit(arm, message, "Handle it, log it, or say in a comment why it does not matter.")


def _looks_at_others(unit: Unit, arm: "Node") -> bool:
    """Tell whether another arm of the same `match` is for errors too, so that these are what is left over."""
    around = arm.parent
    arms = around.named_children if around is not None else []
    return any(other != arm and unit.field(other, "pattern").startswith(b"Err") for other in arms)


def _is_choice(unit: Unit, arm: "Node") -> bool:
    """Tell whether a `match` asks for one of two forms of a value, or whether a message has come."""
    around = arm.parent.parent if arm.parent is not None else None
    value = around.child_by_field_name("value") if around is not None else None
    name = method_name(unit, value)
    return name in _HARMLESS or name in _RECEIVES or name.startswith(b"into_")
