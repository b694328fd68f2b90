"""The rule about `async` functions that wait for nothing."""

import re
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

from rust_ai_ide.review.findings import Category, Severity
from rust_ai_ide.review.rules.model import Hit, Match, RuleSet
from rust_ai_ide.review.rules.shapes import modifiers, owner
from rust_ai_ide.review.unit import FUNCTIONS, Unit

if TYPE_CHECKING:
    from tree_sitter import Node

RULES = RuleSet(Category.PERFORMANCE)

_AWAIT = re.compile(rb"\bawait\b")
_UNFINISHED = re.compile(rb"\b(?:todo|unimplemented|select|join|try_join|yield_now)\b")
# What a framework hands to a function that answers requests, or takes back from it: there `async` is asked for.
_HANDLER = re.compile(
    rb"\b(?:Path|Query|Json|Form|State|Extension|Data|Headers?|HeaderMap|TypedHeader|Request|HttpRequest|HttpResponse"
    rb"|Multipart|Responder|IntoResponse|Response|Redirect|Html|NamedFile|WebSocketUpgrade)\b|\bweb::"
)
_BLOCK_MACRO = re.compile(rb"\b\w+!\s*\{")  # a macro that makes code of a block may wait in it
_PLAIN_ATTRIBUTE = re.compile(
    rb"#\[\s*(?:allow|expect|warn|deny|doc|inline|must_use|cold|deprecated|track_caller"
    rb"|clippy::\w+|rustfmt::\w+|(?:tracing::)?instrument)\b"
)
_ASYNC_NAME = re.compile(rb"\basync\s+fn\s+(\w+)")
# A name that is neither called nor declared here: what takes it may ask for an `async` function.
_VALUE = re.compile(rb"(?<!\bfn )\b([a-z_]\w*)\b(?=\s*(?:[,;)\]}]|\.))")


@RULES.match(
    "unused_async",
    "`async` function that never waits",
    Severity.INFO,
    0.85,
    "(function_item (function_modifiers) @modifiers) @function",
    lint="clippy::pedantic",
)
def unused_async(match: Match) -> Iterator[Hit]:
    """Find async functions without `.await` of their own, outside of traits."""
    unit, function = match.unit, match["function"]
    if b"async" not in modifiers(unit, function).split() or _is_given(unit, function):
        return
    body = function.child_by_field_name("body")
    if body is None or _UNFINISHED.search(unit.text(body)) or _waits(unit, function, body):
        return
    name = function.child_by_field_name("name") or function
    if _BLOCK_MACRO.search(unit.text(body)):
        return
    if owner(unit, function) is None and unit.text(name) in _twins(unit.source):
        return  # of several by `cfg`, callers do not know which they get
    if _HANDLER.search(unit.source, name.end_byte, body.start_byte):
        return
    if unit.text(name) not in _values(unit.source):
        message = "This function is `async` but waits for nothing"
        yield match.hit(name, message, "Remove `async` and the waits of its callers.")


def _is_given(unit: Unit, function: "Node") -> bool:
    """Tell whether a trait, a macro in an attribute such as `#[get("/")]`, or a twin by `cfg` may ask for `async`."""
    around = owner(unit, function)
    if around is not None and (
        around.type == "trait_item" or around.child_by_field_name("trait") is not None
    ):
        return True
    return any(
        before.type == "attribute_item" and not _PLAIN_ATTRIBUTE.match(unit.text(before))
        for item in (function, around)
        if item is not None
        for before in unit.attributes_before(item)
    )


def _waits(unit: Unit, function: "Node", body: "Node") -> bool:
    """Tell whether a function waits by itself: what an `async` block inside it does is the block's."""
    for found in _AWAIT.finditer(unit.source, body.start_byte, body.end_byte):
        around = unit.enclosing(found.start(), FUNCTIONS)
        if around is not None and around.start == function.start_byte:
            return True
    return False


@lru_cache(maxsize=1)
def _twins(source: bytes) -> frozenset[bytes]:
    """Return the names that several `async` functions of a file have."""
    counts = Counter(_ASYNC_NAME.findall(source))
    return frozenset(name for name, count in counts.items() if count > 1)


@lru_cache(maxsize=1)
def _values(source: bytes) -> frozenset[bytes]:
    """Return the names that a file uses as values, wherever: one look for all functions of it."""
    return frozenset(_VALUE.findall(source))
