"""What becomes of the value of an expression, as far as the text around it shows."""

from typing import TYPE_CHECKING

from rust_ai_ide.review.unit import Unit

if TYPE_CHECKING:
    from tree_sitter import Node

_BLOCKS = frozenset({"block", "unsafe_block"})
_TYPED = frozenset({"let_declaration", "const_item", "static_item"})


def taken_as(unit: Unit, node: "Node") -> bytes:
    """Return the type that is written down for a value: that of its variable, field or function; else empty."""
    holder = node.parent
    while holder is not None and (holder.type in _BLOCKS or holder.type == "expression_statement"):
        if not _ends_with(unit, holder, node):
            return b""
        node, holder = holder, holder.parent
    if holder is None:
        return b""
    if holder.type in _TYPED:
        return unit.field(holder, "type")
    if holder.type == "function_item":
        return unit.field(holder, "return_type")
    return _field_type(unit, holder) if holder.type == "field_initializer" else b""


def _ends_with(unit: Unit, holder: "Node", node: "Node") -> bool:
    """Tell whether the value of a block or statement is that of a node."""
    if holder.type == "expression_statement":
        return holder.end_byte == node.end_byte
    after = unit.source[node.end_byte : holder.end_byte]
    return not after.rstrip(b" \t\r\n}")


def _field_type(unit: Unit, initializer: "Node") -> bytes:
    """Return the type that a field has in the declaration of its struct, if that stands in the same file."""
    fields = initializer.parent
    made = fields.parent if fields is not None else None
    if made is None or made.type != "struct_expression":
        return b""
    struct, field = unit.name(made), unit.field(initializer, "field")
    for scope in unit.scopes:
        body = scope.node.child_by_field_name("body") if scope.kind == "struct_item" else None
        if body is not None and unit.name(scope.node) == struct:
            for declared in body.named_children:
                if declared.type == "field_declaration" and unit.name(declared) == field:
                    return unit.field(declared, "type")
    return b""
