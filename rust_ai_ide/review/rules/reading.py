"""The performance rule about reading all that a peer of the network sends."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from rust_ai_ide.review.findings import Category, Severity
from rust_ai_ide.review.rules.bindings import function_around
from rust_ai_ide.review.rules.declared import types_of
from rust_ai_ide.review.rules.model import Hit, Match, RuleSet, Where
from rust_ai_ide.review.rules.patterns import CALL
from rust_ai_ide.review.rules.shapes import arguments, receiver
from rust_ai_ide.review.unit import Unit

if TYPE_CHECKING:
    from tree_sitter import Node

RULES = RuleSet(Category.PERFORMANCE)

_BOUNDED = re.compile(rb"(?i)limit|max_|content_?length|size_hint|\.take\(")
_COLLECTED = re.compile(rb"\.\s*collect\(\)\s*\.\s*await\b")
_BODY = re.compile(rb"^(?:::)?(?:hyper::|axum::)?body::to_bytes$")
# What is answered here is no peer's: a middleware that looks at the response it gives.
_OWN = re.compile(rb"\b(?:response|resp|res)\s*\.\s*into_(?:parts|body)\(\)")
_SENT = rb"\b%s\b\s*=[^;]{0,1000}(?:\.\s*send\(\)|\breqwest::get\()"
_STREAMS = frozenset({b"TcpStream", b"TlsStream", b"SslStream", b"TLSStream"})


@RULES.match(
    "unbounded_read",
    "Reading without a limit from the network",
    Severity.INFO,
    0.6,
    CALL,
    names=("to_bytes", "bytes", "read_to_end", "read_to_string"),
    where=Where.PRODUCTION,
)
def unbounded_read(match: Match) -> Iterator[Hit]:
    """Find bodies and streams of the network that are read whole, in functions that speak of no limit."""
    unit, call = match.unit, match["call"]
    function = function_around(unit, call)
    if function is None or not _reads_all(unit, call, function, match.text("name")):
        return
    if _BOUNDED.search(unit.text(function)) is None:
        message = "The other side decides how much memory this takes"
        yield match.hit(call, message, "Read up to a limit, for example with `take` or `Limited`.")


def _reads_all(unit: Unit, call: "Node", function: "Node", name: bytes) -> bool:
    value, given = receiver(call), arguments(call)
    if name == b"to_bytes" and _OWN.search(unit.text(function)):
        return False
    if value is None:
        is_endless = len(given) == 1 or (len(given) == 2 and unit.text(given[1]) == b"usize::MAX")
        return name == b"to_bytes" and is_endless and _BODY.match(unit.field(call, "function")) is not None
    if name == b"to_bytes":
        return not given and _COLLECTED.search(unit.text(value)) is not None
    if name == b"bytes":
        return _is_response(unit, value, function)
    return not types_of(unit, value).isdisjoint(_STREAMS)


def _is_response(unit: Unit, value: "Node", function: "Node") -> bool:
    """Tell whether a variable holds what reqwest got."""
    if value.type != "identifier" or b"reqwest" not in unit.source:
        return False
    return re.search(_SENT % re.escape(unit.text(value)), unit.text(function)) is not None
