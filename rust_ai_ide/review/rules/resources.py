"""Performance rules about memory and time that are taken without a limit."""

import re
from collections.abc import Iterator

from rust_ai_ide.review.findings import Category, Severity
from rust_ai_ide.review.rules.model import Hit, Match, RuleSet, Where
from rust_ai_ide.review.rules.patterns import PATH_CALL
from rust_ai_ide.review.rules.shapes import arguments

RULES = RuleSet(Category.PERFORMANCE)

_CHANNEL = re.compile(
    rb"^(?:(?:::)?(?:\w+::)*(?:mpsc|channel|crossbeam_channel|async_channel|flume|kanal)::)?"
    rb"(?:unbounded|unbounded_channel)(?:::<.*>)?$",
    re.DOTALL,
)
_CHANNEL_CRATES = re.compile(
    rb"\b(?:tokio|futures|futures_channel|crossbeam|crossbeam_channel|async_channel|flume|kanal)\b"
)
_SIGNAL = re.compile(rb"<\s*\(\s*\)\s*>$")
_ONCE = re.compile(rb"stop|start|shut|clos|cancel|exit|done|ready|quit|kill|abort|[(,]\s*_")
_CLIENT = re.compile(rb"^(?:::)?reqwest::(?:Client::new|Client::default|get)$")
_IMPORTED_CLIENT = re.compile(rb"\buse\s+reqwest::(?:Client\b|\{[^}]*(?<![\w:])Client\b)")
_LIMITED = re.compile(rb"timeout|\bwasm")  # a browser sets limits of its own
_UREQ = re.compile(rb"^(?:::)?ureq::(?:get|post|put|delete|patch|head)$")


@RULES.match(
    "unbounded_channel",
    "Channel without a limit",
    Severity.INFO,
    0.5,
    PATH_CALL,
    names=("unbounded", "unbounded_channel"),
    where=Where.PRODUCTION,
)
def unbounded_channel(match: Match) -> Iterator[Hit]:
    """Find channels that take any number of messages."""
    unit, call = match.unit, match["call"]
    path = unit.field(call, "function")
    if arguments(call) or _SIGNAL.search(path) or not _CHANNEL.search(path) or _is_for_signals(match):
        return
    if _CHANNEL_CRATES.search(unit.source):
        message = "When the receiver is slower than the senders, this channel grows until memory is used up"
        yield match.hit(call, message, "Give the channel a capacity, so that senders wait.")


def _is_for_signals(match: Match) -> bool:
    """Tell whether the ends of a channel are named after a message that is sent once, or nobody reads it."""
    around = match["call"].parent
    if around is None or around.type != "let_declaration":
        return False
    return _ONCE.search(match.unit.field(around, "pattern")) is not None


@RULES.match(
    "missing_timeout",
    "Request without a time limit",
    Severity.INFO,
    0.65,
    PATH_CALL,
    names=("new", "default", "get", "post", "put", "delete", "patch", "head"),
    where=Where.PRODUCTION,
)
def missing_timeout(match: Match) -> Iterator[Hit]:
    """Find clients of reqwest and requests of ureq in files where no timeout is spoken of."""
    unit, call = match.unit, match["call"]
    path = unit.field(call, "function")
    is_client = _CLIENT.match(path) or (path == b"Client::new" and _IMPORTED_CLIENT.search(unit.source))
    if (is_client or _UREQ.match(path)) and not _LIMITED.search(unit.source):
        message = "When the other side never answers, this request waits for ever"
        yield match.hit(call, message, "Set a timeout for the client or the request.")
