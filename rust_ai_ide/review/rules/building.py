"""Performance rules about text that is built up in a loop."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from rust_ai_ide.review.findings import Category, Severity
from rust_ai_ide.review.rules.looping import is_new_each_round, leaves_loop, loop_around
from rust_ai_ide.review.rules.model import Hit, Match, RuleSet, Where
from rust_ai_ide.review.rules.shapes import macro_name, method_name, receiver
from rust_ai_ide.review.unit import Unit

if TYPE_CHECKING:
    from tree_sitter import Node

RULES = RuleSet(Category.PERFORMANCE)

_COPIES = frozenset({b"clone", b"to_string", b"to_owned"})
_FORMAT = re.compile(rb"""format!\s*[(\[{]\s*"((?:[^"\\]|\\.)*)"(.*)[)\]}]""", re.DOTALL)


@RULES.match(
    "string_building_in_loop",
    "String copied whole to grow in a loop",
    Severity.WARNING,
    0.85,
    "(assignment_expression) @assignment",
    where=Where.PRODUCTION,
)
def string_building_in_loop(match: Match) -> Iterator[Hit]:
    """Find `s = format!("{s}…")` and `s = s.clone() + …` in a loop; `s = s + …` appends in place."""
    unit, node = match.unit, match["assignment"]
    left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
    if left is None or right is None or left.type not in ("identifier", "field_expression"):
        return
    text = unit.text(left)
    if not (_formats_itself(unit, right, text) or _adds_to_copy(unit, right, text)):
        return
    loop = loop_around(unit, node)
    if loop is None or is_new_each_round(unit, loop, text) or leaves_loop(node):
        return
    name = text.decode(errors="replace")
    yield match.hit(
        node,
        f"Each round copies all of `{name}` to make it longer, which takes quadratic time",
        f"Append to it: `{name}.push_str(…)` or `write!({name}, …)`.",
    )


def _formats_itself(unit: Unit, right: "Node", variable: bytes) -> bool:
    """Tell whether a value is `format!` of text around the variable."""
    if macro_name(unit, right) != b"format":
        return False
    found = _FORMAT.match(unit.text(right))
    if found is None:
        return False
    form, given = found[1], [one.strip() for one in found[2].split(b",")[1:]]
    if form.startswith(b"{" + variable + b"}"):
        return form != b"{" + variable + b"}"
    return form.startswith(b"{}") and given[:1] == [variable] and form != b"{}"


def _adds_to_copy(unit: Unit, right: "Node", variable: bytes) -> bool:
    """Tell whether a value is a sum that starts with a copy of the variable."""
    node: Node | None = right
    while node is not None and node.type == "binary_expression" and unit.field(node, "operator") == b"+":
        node = node.child_by_field_name("left")
    if node is right or method_name(unit, node) not in _COPIES or node is None:
        return False
    value = receiver(node)
    return value is not None and unit.text(value) == variable
