"""Performance rules about searches through a whole collection, again and again."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from rust_ai_ide.review.findings import Category, Severity
from rust_ai_ide.review.rules.bindings import function_around
from rust_ai_ide.review.rules.looping import leaves_loop, loop_around
from rust_ai_ide.review.rules.model import Hit, Match, RuleSet, Where
from rust_ai_ide.review.rules.patterns import METHOD_CALL
from rust_ai_ide.review.rules.shapes import arguments, method_name, receiver
from rust_ai_ide.review.unit import Unit

if TYPE_CHECKING:
    from tree_sitter import Node

RULES = RuleSet(Category.PERFORMANCE)

_FIXED = frozenset(
    {"string_literal", "char_literal", "integer_literal", "raw_string_literal", "scoped_identifier"}
)
_VECTOR = rb"\blet\s+mut\s+%(name)s\b\s*(?::\s*Vec\s*<[^=;]*)?=\s*(?:Vec\s*::|vec!\s*\[\s*\])"
_COMPARED = re.compile(
    rb"==(?!\s*&?(?:\w+::)*[A-Z\d\"'])"
)  # with something that may differ from round to round
_GROWN = rb"\b%(name)s\s*\.\s*(?:push|extend)\s*\("


@RULES.match(
    "linear_search_in_loop",
    "Growing vector searched in a loop",
    Severity.INFO,
    0.6,
    METHOD_CALL,
    names=("contains", "position", "any"),
    where=Where.PRODUCTION,
    needs_types=True,
)
def linear_search_in_loop(match: Match) -> Iterator[Hit]:
    """Find `seen.contains(&x)` in a loop that pushes to the vector `seen`."""
    unit, call = match.unit, match["call"]
    value = _searched(unit, call)
    loop = loop_around(unit, call) if value is not None else None
    function = function_around(unit, call) if loop is not None else None
    if value is None or loop is None or function is None:
        return
    name = unit.text(value)
    before = unit.source[function.start_byte : loop.start_byte]
    is_vector = re.search(_VECTOR % {b"name": re.escape(name)}, before)
    grows = re.search(_GROWN % {b"name": re.escape(name)}, unit.text(loop))
    if is_vector and grows and not leaves_loop(call) and not _stays_short(unit, function, loop, name):
        shown = name.decode(errors="replace")
        yield match.hit(
            call,
            f"Each round searches all of `{shown}`, which the loop makes longer: that takes quadratic time",
            "Keep a `HashSet` or a `HashMap` of what was seen.",
        )


def _stays_short(unit: Unit, function: "Node", loop: "Node", name: bytes) -> bool:
    """Tell whether places in the vector matter, its length is watched, or the loop goes over a fixed list."""
    if re.search(rb"\b" + re.escape(name) + rb"\s*\.\s*(?:insert|len)\s*\(", unit.text(loop)):
        return True
    around = loop.parent
    over = around.child_by_field_name("value") if around and around.type == "for_expression" else None
    if over is None:
        return False
    if over.type == "identifier":
        listed = rb"\blet\s+" + re.escape(unit.text(over)) + rb"\s*=\s*\["
        return re.search(listed, unit.text(function)) is not None
    return over.type in ("array_expression", "reference_expression") and b"[" in unit.text(over)[:2]


def _searched(unit: Unit, call: "Node") -> "Node | None":
    """Return the variable that is searched for a value that may differ from round to round."""
    given, value = arguments(call), receiver(call)
    if len(given) != 1:
        return None
    if method_name(unit, call) == b"contains":
        wanted = given[0].named_child(0) if given[0].type == "reference_expression" else None
        if wanted is None or wanted.type in _FIXED:
            return None
    elif method_name(unit, value) == b"iter" and value is not None and _COMPARED.search(unit.text(given[0])):
        value = receiver(value)
    else:
        return None
    return value if value is not None and value.type == "identifier" else None
