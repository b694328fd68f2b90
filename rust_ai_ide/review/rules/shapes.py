"""Small questions about nodes that many rules ask."""

import re
from typing import TYPE_CHECKING

from rust_ai_ide.review.unit import COMMENTS, FUNCTIONS, Unit

if TYPE_CHECKING:
    from tree_sitter import Node

_IMPL_OR_TRAIT = frozenset({"impl_item", "trait_item", "foreign_mod_item"})
_EXPORTED = re.compile(rb"#\[\s*(?:unsafe\s*\(\s*)?(?:no_mangle|export_name|link_name)\b")


def code_children(node: "Node") -> "list[Node]":
    """Return the named children without comments."""
    return [child for child in node.named_children if child.type not in COMMENTS]


def sole_expression(block: "Node | None") -> "Node | None":
    """Return the only thing in a block, if it is one expression without comment or attribute beside it."""
    if block is None or block.type != "block" or block.named_child_count != 1:
        return None
    only = block.named_child(0)
    if only is not None and only.type == "expression_statement":
        only = only.named_child(0)
    return only


def arguments(call: "Node") -> "list[Node]":
    """Return the arguments of a call."""
    given = call.child_by_field_name("arguments")
    return code_children(given) if given else []


def receiver(call: "Node") -> "Node | None":
    """Return what a method is called on."""
    function = call.child_by_field_name("function")
    if function is not None and function.type == "generic_function":
        function = function.child_by_field_name("function")
    return function.child_by_field_name("value") if function else None


def method_name(unit: Unit, node: "Node | None") -> bytes:
    """Return the name of the method that a node calls, empty where it is no method call."""
    if node is None or node.type != "call_expression":
        return b""
    function = node.child_by_field_name("function")
    if function is not None and function.type == "generic_function":
        function = function.child_by_field_name("function")
    return unit.field(function, "field") if function else b""


def macro_name(unit: Unit, node: "Node | None") -> bytes:
    """Return the last segment of the macro that a node invokes, empty where it is no macro."""
    if node is None or node.type != "macro_invocation":
        return b""
    return unit.field(node, "macro").rpartition(b"::")[2]


def is_public(unit: Unit, node: "Node") -> bool:
    """Tell whether an item is plainly `pub`, which `pub(crate)` is not."""
    if not unit.source.startswith(b"pub", node.start_byte):
        return False
    first = node.child(0)
    return first is not None and first.type == "visibility_modifier" and unit.text(first) == b"pub"


def owner(unit: Unit, node: "Node") -> "Node | None":
    """Return the impl, trait or extern block that an item belongs to directly."""
    scope = unit.around(node, _IMPL_OR_TRAIT, FUNCTIONS | {"mod_item"})
    return scope.node if scope else None


def in_trait_impl(unit: Unit, node: "Node") -> bool:
    """Tell whether an item is part of `impl Trait for Type`, where the trait decides its form."""
    around = owner(unit, node)
    return (
        around is not None and around.type == "impl_item" and around.child_by_field_name("trait") is not None
    )


def has_attribute(unit: Unit, node: "Node", name: bytes) -> bool:
    """Tell whether a word occurs in an attribute of an item."""
    return any(
        before.type == "attribute_item" and name in unit.text(before)
        for before in unit.attributes_before(node)
    )


def is_exported_symbol(unit: Unit, node: "Node") -> bool:
    """Tell whether an item is a symbol for other languages, which name things their own way."""
    if any(_EXPORTED.match(unit.text(before)) for before in unit.attributes_before(node)):
        return True
    around = owner(unit, node)
    return (around is not None and around.type == "foreign_mod_item") or b"extern" in modifiers(unit, node)


def modifiers(unit: Unit, function: "Node") -> bytes:
    """Return the words before `fn`: async, const, unsafe, extern."""
    for child in function.named_children:
        if child.type == "function_modifiers":
            return unit.text(child)
    return b""


def parameters(function: "Node") -> "list[Node]":
    """Return the parameters of a function, `self` among them."""
    given = function.child_by_field_name("parameters")
    return [child for child in given.named_children if child.type.endswith("parameter")] if given else []


def is_fully_visible(unit: Unit, node: "Node") -> bool:
    """Tell whether an item is `pub` and no module around it in this file is private."""
    if not is_public(unit, node) or unit.around(node, FUNCTIONS):
        return False
    module = unit.around(node, frozenset({"mod_item"}))
    while module:
        if not is_public(unit, module.node):
            return False
        module = unit.around(module.node, frozenset({"mod_item"}))
    return True


def has_visibility(node: "Node") -> bool:
    """Tell whether an item says `pub` in any form, `pub(crate)` among them."""
    return any(child.type == "visibility_modifier" for child in node.named_children)
