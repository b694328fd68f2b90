"""The names of types in the text of a type."""

import re
from collections.abc import Iterable

from rust_ai_ide.architecture.types.facts import Names

# Nothing here looks further than it must: a text made for that would take it hours.
_PATH = rb"(?:\b[A-Za-z_]\w*\s*::\s*){0,8}"
_TYPE = re.compile(
    rb"//[^\n]*|/\*(?:.*?\*/|.*)|'\w+|"
    rb"(" + _PATH + rb"\b(?:[A-Z]\w*|bool|char|str|f32|f64|[iu](?:8|16|32|64|128|size))\b)",
    re.DOTALL,
)  # fmt: skip
_FOR = rb"\s*\??(?:for\s*<[^>]{0,80}>\s*)?"
_DYNAMIC = re.compile(rb"\b(?:dyn|impl)\s" + _FOR + rb"(" + _PATH + rb"[A-Z]\w*)")
_BOUND = re.compile(rb"(?<!:)[:+](?!:)" + _FOR + rb"(" + _PATH + rb"[A-Z]\w*)")
_MOST = 40


def types_in(text: bytes) -> Names:
    """Return the paths of all types in a text, each once, in order, with the numbers and `str` among them."""
    return _names(name for name in _TYPE.findall(text) if name) if text else ()


def dynamic_in(text: bytes) -> Names:
    """Return the traits that stand behind `dyn` or `impl` in a text."""
    return _names(_DYNAMIC.findall(text)) if b"dyn" in text or b"impl" in text else ()


def bounds_of(head: bytes) -> Names:
    """Return what the generics in the head of an item must be, and what a trait builds on."""
    if b":" not in head:
        return ()
    opening, where = head.find(b"("), head.rfind(b"where")
    parts = head[:opening] if opening >= 0 else head
    if where > opening >= 0:
        parts += b" " + head[where:]
    return _names(_BOUND.findall(parts))


def _names(found: Iterable[bytes]) -> Names:
    names = dict.fromkeys(b"".join(name.split()) for name in found)
    return tuple(name.decode("utf-8", "replace") for name in list(names)[:_MOST])
