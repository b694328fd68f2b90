"""What happens to a variable in a stretch of code, told from the text alone, on the side of caution."""

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from rust_ai_ide.review.rules.shapes import parameters
from rust_ai_ide.review.unit import Unit

if TYPE_CHECKING:
    from tree_sitter import Node

LONGEST = 20_000  # bytes of a function that is searched by text: each question takes time by its length
_FUNCTION = frozenset({"function_item"})
_BOUND = (
    rb"\blet\b[^=;]*\b%(name)s\b"
    rb"|\bfor\b[^{;]*?\b%(name)s\b[^{;]*?\bin\b"
    rb"|\|[^|;{}]*\b%(name)s\b[^|;{}]*\|"
    rb"|\b%(name)s\b[^;=]{0,200}=>"
)
_CHANGED = rb"|\b%(name)s\b\s*(?:[-+*/%%&|^]|<<|>>)?=(?![=>])|\bmut\s+%(name)s\b"


@lru_cache(maxsize=1024)
def _pattern(name: bytes, form: bytes) -> re.Pattern[bytes]:
    return re.compile(form % {b"name": re.escape(name)})


def may_be_bound(text: bytes, name: bytes) -> bool:
    """Tell whether a pattern in a stretch of code may give a name a new meaning."""
    return _pattern(name, _BOUND).search(text) is not None


def may_change(text: bytes, name: bytes) -> bool:
    """Tell whether a variable may be bound anew, assigned to or lent out mutably in a stretch of code."""
    return _pattern(name, _BOUND + _CHANGED).search(text) is not None


def function_around(unit: Unit, node: "Node") -> "Node | None":
    """Return the function that a node lies in, None outside of functions and in very long ones."""
    scope = unit.enclosing(node.start_byte, _FUNCTION)
    return scope.node if scope and scope.end - scope.start <= LONGEST else None


def parameter_type(unit: Unit, function: "Node", name: bytes) -> bytes:
    """Return the type of the parameter with this name as it is written, empty where there is none."""
    for parameter in parameters(function):
        if parameter.type == "parameter" and unit.field(parameter, "pattern") == name:
            return unit.field(parameter, "type")
    return b""
