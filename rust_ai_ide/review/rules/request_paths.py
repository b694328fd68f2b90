"""Security rules about paths of files that come from a request."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from rust_ai_ide.review.findings import Category, Severity
from rust_ai_ide.review.rules.model import Hit, Match, RuleSet, Where
from rust_ai_ide.review.rules.patterns import CALL
from rust_ai_ide.review.rules.shapes import arguments, method_name, parameters, receiver
from rust_ai_ide.review.unit import Unit

if TYPE_CHECKING:
    from tree_sitter import Node

RULES = RuleSet(Category.SECURITY)

_HANDLER = frozenset({"function_item"})
_FRAMEWORKS = re.compile(rb"\b(?:axum|actix_web|poem|salvo|ntex|viz)\b")
_EXTRACTED = re.compile(rb"^(?:\w+::)*(?:Path|Query|Form|Json)<(?P<inner>.+)>$", re.DOTALL)
_REQUEST = re.compile(rb"^&?(?:mut\s+)?(?:\w+::)*HttpRequest$")
_FROM_REQUEST = rb"\.\s*(?:match_info|query_string|path)\s*\("
_HARMLESS = re.compile(rb"^[(\s]*(?:[ui](?:8|16|32|64|128|size)|bool|(?:\w+::)*Uuid)[)\s,]*$")
_CHECK = re.compile(
    rb"canonicalize|contains|starts_with|components\(|Component\b|file_name\(|safe|saniti[sz]e|valid|clean"
    rb"|is_(?:ascii_)?alphanumeric|parse::<|Regex|is_match|traversal|strip_prefix|allowed|escape|normali[sz]e"
)
_FILE_CALL = re.compile(
    rb"(?:^|::)(?:(?:File|NamedFile)::(?:open|create|open_async)"
    rb"|fs::(?:read|read_to_string|write|remove_file|remove_dir_all|read_dir|create_dir_all|metadata|copy|rename))$"
)
_LET = re.compile(rb"\blet\s+(?:mut\s+)?(?P<name>\w+)\s*(?::[^=;]+)?=\s*(?P<value>[^;]+);")
_TEXT = re.compile(rb"^(?:format!|PathBuf::from\(|Path::new\(|\")")
_OF_RESULT = frozenset(
    {b"map_err", b"unwrap", b"expect", b"ok", b"context", b"with_context", b"unwrap_or_else"}
)
_URL = re.compile(rb"ur[il]", re.IGNORECASE)
_WORD = re.compile(rb"\w+")


@RULES.match(
    "path_traversal",
    "Path of a file taken from a request",
    Severity.WARNING,
    0.65,
    CALL,
    names=(
        "open", "open_async", "create", "read", "read_to_string", "write", "remove_file", "remove_dir_all",
        "read_dir", "create_dir_all", "metadata", "copy", "rename", "join",
    ),
    where=Where.PRODUCTION,
    needs_types=True,
)  # fmt: skip
def path_traversal(match: Match) -> Iterator[Hit]:
    """Find text of a request that goes unchecked into `File::open`, `fs::read`, `join` and their like."""
    unit, call = match.unit, match["call"]
    handler = unit.enclosing(call.start_byte, _HANDLER) if _takes_path(unit, call) else None
    names = _from_request(unit, handler.node) if handler else set()
    for argument in arguments(call) if names else ():
        named = next((word for word in _WORD.findall(unit.text(argument)) if word in names), None)
        if named is not None:
            if handler and not _is_checked(unit, handler.node) and _FRAMEWORKS.search(unit.source):
                message = f"`{named.decode()}` comes from the request, and with `..` in it leads to any file"
                suggestion = "Refuse what is not a plain name, or check the canonical path."
                yield match.hit(argument, message, suggestion)
            return


def _is_checked(unit: Unit, handler: "Node") -> bool:
    """Tell whether a handler looks at what it was given, or its route lets only some letters through."""
    if _CHECK.search(unit.text(handler)):
        return True
    return any(b":[" in unit.text(before) for before in unit.attributes_before(handler))


def _takes_path(unit: Unit, call: "Node") -> bool:
    """Tell whether a call opens a file or lengthens a path, as far as its text shows."""
    if method_name(unit, call) == b"join":
        value = receiver(call)
        return value is not None and not _URL.search(unit.text(value)) and not _can_fail(unit, call)
    return _FILE_CALL.search(unit.field(call, "function")) is not None


def _can_fail(unit: Unit, call: "Node") -> bool:
    """Tell whether the result of a call is taken for a `Result`, which `join` of a URL gives and that of a path not."""
    after = call.parent
    if after is None or after.type in ("try_expression", "match_expression", "await_expression"):
        return True
    return after.type == "field_expression" and unit.field(after, "field") in _OF_RESULT


def _from_request(unit: Unit, handler: "Node") -> set[bytes]:
    """Return the names in a handler that hold text of the request: parameters, and variables made of those."""
    names: set[bytes] = set()
    requests: set[bytes] = set()
    for one in parameters(handler):
        kind = unit.field(one, "type")
        pattern = unit.field(one, "pattern")
        extracted = _EXTRACTED.match(kind)
        if extracted and not _HARMLESS.match(extracted["inner"]):
            names.update(word for word in _WORD.findall(pattern) if word[:1].islower() and word != b"mut")
        elif _REQUEST.match(kind):
            requests.add(pattern.removeprefix(b"mut "))
    asked = [re.compile(rb"\b" + re.escape(request) + rb"\s*" + _FROM_REQUEST) for request in requests]
    for let in _LET.finditer(unit.field(handler, "body")) if names or requests else ():
        if any(one.search(let["value"]) for one in asked) or _is_made_of(let["value"], names):
            names.add(let["name"])
    return names


def _is_made_of(value: bytes, names: set[bytes]) -> bool:
    """Tell whether an expression is text of the request still: one of the names, or put together with one."""
    words = _WORD.findall(value)
    if _TEXT.match(value):
        return any(word in names for word in words)
    return bool(words) and words[0] in names and b"await" not in words
