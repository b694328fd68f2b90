"""Joins the alternatives of a pattern that differ in one place."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rust_ai_ide.review.unit import COMMENTS, Unit

if TYPE_CHECKING:
    from tree_sitter import Node

_MOST_PARTS = 32
_SIGNS = frozenset({"(", ")", "[", "]", "{", "}", ","})
_PATTERNS = frozenset(
    {
        "captured_pattern",
        "field_pattern",
        "mut_pattern",
        "or_pattern",
        "ref_pattern",
        "reference_pattern",
        "slice_pattern",
        "struct_pattern",
        "tuple_pattern",
        "tuple_struct_pattern",
    }
)


@dataclass(frozen=True, slots=True)
class _Shape:
    """What an alternative is made of: `head` tells its kind, `parts` what may differ, with None where it may not."""

    head: tuple[bytes, ...]
    parts: "tuple[tuple[bytes, Node | None], ...]"


def alternatives(node: "Node") -> "list[Node]":
    """Return what stands between the `|` of an or-pattern, which the grammar nests to the left."""
    found: list[Node] = []
    waiting = [node]
    while waiting:
        one = waiting.pop()
        if one.type == "or_pattern":
            waiting.extend(
                child for child in one.children if child.type != "|" and child.type not in COMMENTS
            )
        else:
            found.append(one)
    return found[::-1] if len(found) > 1 and found[0].start_byte > found[-1].start_byte else found


def merged(unit: Unit, given: "list[Node]") -> bytes | None:
    """Return the text of alternatives with some of them joined, None where that cannot be."""
    texts = [unit.text(one) for one in given]
    for at, one in enumerate(given):
        if (within := _in_parentheses(one)) is not None and within.type == "or_pattern":
            return b" | ".join([*texts[:at], unit.text(within), *texts[at + 1 :]])
    seen: dict[tuple[object, ...], list[tuple[int, Node]]] = {}
    for at, one in enumerate(given):
        shape = _shape(unit, one)
        if shape is None or len(shape.parts) > _MOST_PARTS:
            continue
        words = [text for text, _ in shape.parts]
        for place, (_, part) in enumerate(shape.parts):
            if part is not None:
                key = (shape.head, place, tuple(words[:place]), tuple(words[place + 1 :]))
                seen.setdefault(key, []).append((at, part))
    alike = next((places for places in seen.values() if len(places) > 1), None)
    return _joined(unit, given, alike) if alike else None


def _joined(unit: Unit, given: "list[Node]", alike: "list[tuple[int, Node]]") -> bytes:
    """Return the text with the alternatives that are alike, each with the part that differs, in one."""
    base, part = given[alike[0][0]], alike[0][1]
    text = b" | ".join(unit.text(other) for _, other in alike)
    if base.type in ("captured_pattern", "reference_pattern"):
        text = b"(" + text + b")"
    whole = unit.text(base)
    one = whole[: part.start_byte - base.start_byte] + text + whole[part.end_byte - base.start_byte :]
    taken = {at for at, _ in alike}
    texts = [one if at == alike[0][0] else unit.text(each) for at, each in enumerate(given)]
    return b" | ".join(text for at, text in enumerate(texts) if at == alike[0][0] or at not in taken)


def is_inside_mergeable(unit: Unit, node: "Node") -> bool:
    """Tell whether an or-pattern stands in another whose alternatives can be joined."""
    around = node.parent
    while around is not None and around.type in _PATTERNS:
        outermost = around.parent is None or around.parent.type != "or_pattern"
        if around.type == "or_pattern" and outermost and merged(unit, alternatives(around)) is not None:
            return True
        around = around.parent
    return False


def _in_parentheses(node: "Node") -> "Node | None":
    """Return what is in the parentheses of a pattern that is no tuple."""
    if node.type != "tuple_pattern" or any(child.type == "," for child in node.children):
        return None
    return node.named_children[0] if node.named_child_count == 1 else None


def _shape(unit: Unit, node: "Node") -> _Shape | None:
    kind = node.type.encode()
    if node.type == "struct_pattern":
        return _struct(unit, node)
    if node.type in ("tuple_pattern", "slice_pattern"):
        return _Shape((kind,), _parts(unit, node.children))
    if node.type == "tuple_struct_pattern":
        return _Shape((kind, unit.field(node, "type")), _parts(unit, node.children[1:]))
    if node.type == "captured_pattern" or (
        node.type == "reference_pattern" and any(child.type == "mutable_specifier" for child in node.children)
    ):
        last = node.children[-1]
        head = unit.source[node.start_byte : last.start_byte]
        return _Shape((kind, head), ((unit.text(last), last),))
    return None  # to join `&1 | &2` makes it longer


def _parts(unit: Unit, children: "list[Node]") -> "tuple[tuple[bytes, Node | None], ...]":
    given = [child for child in children if child.type not in _SIGNS and child.type not in COMMENTS]
    return tuple((unit.text(one), None if unit.text(one).endswith(b"..") else one) for one in given)


def _struct(unit: Unit, node: "Node") -> _Shape:
    """Return the shape of a pattern with named fields, whose order says nothing."""
    has_rest, fields = b"", []
    for child in node.named_children:
        if child.type == "remaining_field_pattern":
            has_rest = b".."
        elif child.type == "field_pattern":
            name = unit.field(child, "name")
            last = child.children[-1]
            fields.append((name, unit.text(last), None if child.child_count == 1 else last))
    fields.sort(key=lambda field: field[:2])
    head = (b"struct", unit.field(node, "type"), has_rest, *(name for name, _, _ in fields))
    return _Shape(head, tuple((text, part) for _, text, part in fields))
