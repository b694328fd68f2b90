"""Reads what one Rust file says about types and functions from its syntax tree.

Items count where modules declare them; those inside functions, and those that macros make, are left out.
"""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from rust_ai_ide.architecture.attributes import Attributes
from rust_ai_ide.architecture.facts import Scope
from rust_ai_ide.architecture.ranges import Ranges
from rust_ai_ide.architecture.types.bodies import Body, read_body
from rust_ai_ide.architecture.types.facts import Field, Function, Impl, Static, Type, TypeFacts
from rust_ai_ide.architecture.types.names import bounds_of, dynamic_in, types_in
from rust_ai_ide.architecture.types.statics import static_of, statics_of_macro
from rust_ai_ide.architecture.written_paths import is_public, name_of

if TYPE_CHECKING:
    from tree_sitter import Node

_TYPES = {
    "struct_item": "struct", "enum_item": "enum", "union_item": "union", "trait_item": "trait",
    "type_item": "alias",
}  # fmt: skip
_FUNCTIONS = frozenset({"function_item", "function_signature_item"})
_CALLS = frozenset({"macro_invocation", "expression_statement"})
_NOT_FIELDS = frozenset({"visibility_modifier", "attribute_item", "line_comment", "block_comment"})
_PARAMETER = re.compile(
    rb"(?:^\(|,)\s*(?:mut\s+)?([a-z_]\w*)\s*:\s*&?\s*(?:'\w+\s+)?(?:[A-Z]\w*|str\b|[iu]\d+|bool)"
)
_RECEIVER = re.compile(rb"\(\s*(&)?\s*(?:'\w+\s+)?(mut\s+)?self\b(\s*:)?")


def read_types(root: "Node", source: bytes, attributes: Attributes, macros: Ranges) -> TypeFacts:
    """Return the facts of a parsed file; `source` is the text it was parsed from, with `macros` opened in it.

    Statics in these are left out, since the macro decides what becomes of them.
    """
    reading = _Reading(source, attributes, macros)
    reading.read(root, ())
    return TypeFacts(
        tuple(reading.types), tuple(reading.impls), tuple(reading.functions), tuple(reading.statics),
    )  # fmt: skip


class _Reading:
    def __init__(self, source: bytes, attributes: Attributes, macros: Ranges) -> None:
        self._source, self._attributes, self._macros = source, attributes, macros
        self.types: list[Type] = []
        self.impls: list[Impl] = []
        self.functions: list[Function] = []
        self.statics: list[Static] = []

    def read(self, holder: "Node", scope: Scope) -> None:
        """Read the items of a file or of an inline module."""
        waiting = [(holder, scope)]
        while waiting:
            node, scope = waiting.pop()
            for item in node.named_children:
                body = item.child_by_field_name("body") if item.type == "mod_item" else None
                if body is not None:
                    waiting.append((body, (*scope, name_of(item.child_by_field_name("name")))))
                else:
                    self._item(item, scope)

    def _item(self, node: "Node", scope: Scope) -> None:
        kind = node.type
        if kind in _FUNCTIONS:
            self.functions.append(self._function(node, scope))
        elif kind in _TYPES:
            self.types.append(self._type(node, scope))
        elif kind == "impl_item":
            self._impl(node, scope)
        elif kind == "static_item" and not self._macros.hold(node.start_byte):
            self.statics.append(static_of(node, scope, is_test=self._attributes.is_test(node.start_byte)))
        elif kind in _CALLS:
            is_test = self._attributes.is_test(node.start_byte)
            self.statics += statics_of_macro(node, scope, is_test=is_test)

    def _type(self, node: "Node", scope: Scope) -> Type:
        kind = _TYPES[node.type]
        body = node.child_by_field_name("body")
        fields: tuple[Field, ...] = ()
        methods: tuple[Function, ...] = ()
        if kind == "trait" and body is not None:
            methods = tuple(self._methods(body, scope))
        elif kind == "alias":
            fields = (self._field("", node, node.child_by_field_name("type")),)
        elif body is not None:
            fields = tuple(self._fields(body))
        head = self._source[node.start_byte : body.start_byte if body is not None else node.end_byte]
        return Type(
            kind, name_of(node.child_by_field_name("name")), scope, *_lines(node), is_public(node),
            self._attributes.is_test(node.start_byte), node.child_by_field_name("type_parameters") is not None,
            fields, bounds_of(head), methods,
        )  # fmt: skip

    def _fields(self, body: "Node") -> Iterator[Field]:
        if body.type == "ordered_field_declaration_list":
            types = [node for node in body.named_children if node.type not in _NOT_FIELDS]
            for number, node in enumerate(types):
                before = node.prev_sibling
                shown = before is not None and before.type == "visibility_modifier"
                yield self._field(str(number), node, node)._replace(is_public=shown)
            return
        for node in body.named_children:
            if node.type == "field_declaration":
                yield self._field(
                    name_of(node.child_by_field_name("name")), node, node.child_by_field_name("type")
                )
            elif node.type == "enum_variant":
                yield self._field(
                    name_of(node.child_by_field_name("name")), node, node.child_by_field_name("body")
                )

    def _field(self, name: str, node: "Node", kind: "Node | None") -> Field:
        text = self._text(kind)
        return Field(name, node.start_point.row + 1, is_public(node), types_in(text), dynamic_in(text))

    def _impl(self, node: "Node", scope: Scope) -> None:
        kind, body = node.child_by_field_name("type"), node.child_by_field_name("body")
        trait = types_in(self._text(node.child_by_field_name("trait")))
        names = types_in(self._text(kind))
        if not names or kind is None:
            return
        head = self._source[node.start_byte : kind.start_byte] + self._text(
            next((child for child in node.children if child.type == "where_clause"), None)
        )
        methods = tuple(self._methods(body, scope)) if body is not None else ()
        self.impls.append(
            Impl(
                names[0], trait[0] if trait else "", scope, node.start_point.row + 1,
                self._attributes.is_test(node.start_byte), bounds_of(head), methods,
            )
        )  # fmt: skip

    def _methods(self, body: "Node", scope: Scope) -> Iterator[Function]:
        for node in body.named_children:
            if node.type in _FUNCTIONS:
                yield self._function(node, scope)

    def _function(self, node: "Node", scope: Scope) -> Function:
        parameters = self._text(node.child_by_field_name("parameters"))
        result = self._text(node.child_by_field_name("return_type"))
        body_node = node.child_by_field_name("body")
        head = self._source[node.start_byte : body_node.start_byte if body_node else node.end_byte]
        body = Body()
        if body_node is not None:
            body = read_body(self._text(body_node), frozenset(_PARAMETER.findall(parameters)))
        receiver = _receiver(parameters)
        head_facts = (
            name_of(node.child_by_field_name("name")), scope, *_lines(node), is_public(node),
            self._attributes.is_test(node.start_byte), body_node is not None, receiver,
            types_in(parameters), types_in(result), dynamic_in(parameters + b" " + result), bounds_of(head),
        )  # fmt: skip
        return Function._make((*head_facts, *body))

    def _text(self, node: "Node | None") -> bytes:
        return self._source[node.start_byte : node.end_byte] if node is not None else b""


def _lines(node: "Node") -> tuple[int, int]:
    return node.start_point.row + 1, node.end_point.row + 1


def _receiver(parameters: bytes) -> str:
    found = _RECEIVER.match(parameters)
    if found is None:
        return ""
    if found[1] is None:
        return "self"
    return "&mut self" if found[2] else "&self"
