"""Which types a file writes down for its variables and fields: a guess from the text, by their names."""

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from rust_ai_ide.review.rules.bindings import function_around
from rust_ai_ide.review.unit import Unit

if TYPE_CHECKING:
    from tree_sitter import Node

STRINGS = frozenset({b"String", b"Cow"})
COLLECTIONS = STRINGS | frozenset(
    b"str [ Vec VecDeque HashMap HashSet BTreeMap BTreeSet BinaryHeap LinkedList OsString OsStr Bytes BytesMut "
    b"IndexMap IndexSet SmallVec ArrayVec Map".split()
)
_POINTERS = rb"(?:(?:Box|Rc|Arc|Ref|RefMut|MutexGuard|Pin)\s*<\s*(?:'\w+\s*,\s*)?)*"
# `name: Type` of a parameter, a field or a `let`, `name: Type::new()` of a new struct, and `let name = Type::new()`.
_DECLARED = re.compile(
    rb"\b(\w+)\s*:\s*(?:&\s*)*(?:'\w+\s+)?(?:mut\s+)?(?:(?:dyn|impl)\s+)?" + _POINTERS + rb"(?:\w+::)*"
    rb"([A-Z]\w*|\[|str\b)"
    rb"|\blet\s+(?:mut\s+)?(\w+)\s*=\s*(?:&\s*)?(?:mut\s+)?(?:\w+::)*"
    rb"(?:([A-Z]\w*)(?:\s*::|\s*<|\s*;)|(\[|\"|(?:vec|format)!))"
)
_OF_LITERALS = {b"vec!": b"Vec", b"format!": b"String", b'"': b"str"}


def types_of(unit: Unit, value: "Node") -> frozenset[bytes]:
    """Return the names of the types that a variable, or a field by the name of its last segment, may have.

    `[` stands for slices and arrays. What is written nowhere has none. Of a variable, only its function counts.
    """
    if value.type == "identifier":
        function = function_around(unit, value)
        if function is None:
            return frozenset()
        start, end = function.start_byte, function.end_byte
    elif value.type == "field_expression":
        field = value.child_by_field_name("field")
        if field is None:
            return frozenset()
        value, start, end = field, 0, len(unit.source)
    else:
        return frozenset()
    written = _written(unit.source).get(unit.text(value), ())
    return frozenset(kind for at, kind in written if start <= at < end)


@lru_cache(maxsize=1)
def _written(source: bytes) -> dict[bytes, list[tuple[int, bytes]]]:
    """Return by name where a file writes down a type for it: one look for all names."""
    places: dict[bytes, list[tuple[int, bytes]]] = {}
    for found in _DECLARED.finditer(source):
        kind = found[2] or found[4] or found[5]
        places.setdefault(found[1] or found[3], []).append((found.start(), _OF_LITERALS.get(kind, kind)))
    return places
