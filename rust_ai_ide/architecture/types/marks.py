"""Places in a file that are worth a look: forced inlining, and what the standard library calls unchecked."""

import re
from collections.abc import Iterator

from rust_ai_ide.architecture.attributes import Attributes
from rust_ai_ide.architecture.facts import Scope
from rust_ai_ide.architecture.types.facts import Mark

_MARK = re.compile(
    rb"//[^\n]*|/\*(?:.*?\*/|.*)|(#\[\s*inline\s*\(\s*always\s*\)\s*\])"
    rb"|\b((?:get|from_utf8|unreachable|unwrap|new|slice)_unchecked(?:_mut)?)\s*(?:::\s*<[^>]{0,80}>\s*)?\(",
    re.DOTALL,
)
_WORDS = (b"unchecked", b"always")
_MOST = 500


def marks_of(source: bytes, scopes: list[tuple[int, int, Scope]], attributes: Attributes) -> tuple[Mark, ...]:
    """Return the marks of a file in order; `scopes` are the spans of its modules, the outer before the inner."""
    if not any(word in source for word in _WORDS):
        return ()
    return tuple(_found(source, scopes, attributes))[:_MOST]


def _found(source: bytes, scopes: list[tuple[int, int, Scope]], attributes: Attributes) -> Iterator[Mark]:
    line, counted = 1, 0
    for found in _MARK.finditer(source):
        if found.lastindex:
            place = found.start()
            line, counted = line + source.count(b"\n", counted, place), place
            scope = next((name for start, end, name in reversed(scopes) if start <= place < end), ())
            kind = "inline-always" if found[1] else "unchecked"
            yield Mark(kind, scope, line, attributes.is_test(place))
