"""Statics: those that are declared, and those that `lazy_static!` and `thread_local!` make."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from rust_ai_ide.architecture.facts import Scope
from rust_ai_ide.architecture.types.facts import Static
from rust_ai_ide.architecture.types.names import types_in
from rust_ai_ide.architecture.written_paths import is_public, name_of

if TYPE_CHECKING:
    from tree_sitter import Node

_MAKERS = frozenset({"lazy_static", "thread_local"})
_MADE = re.compile(
    rb"(\bpub\b\s*(?:\([^)]{0,80}\)\s*)?)?\bstatic\s+(?:ref\s+)?([A-Za-z_]\w*)\s*:([^=;]{0,400})="
)


def static_of(node: "Node", scope: Scope, *, is_test: bool) -> Static:
    """Return what a declared static says."""
    kind = node.child_by_field_name("type")
    is_mutable = any(child.type == "mutable_specifier" for child in node.children)
    return Static(
        name_of(node.child_by_field_name("name")), scope, node.start_point.row + 1, is_public(node), is_test,
        is_mutable, types_in((kind.text or b"") if kind is not None else b""), "",
    )  # fmt: skip


def statics_of_macro(node: "Node", scope: Scope, *, is_test: bool) -> Iterator[Static]:
    """Yield the statics that a macro call among the items of a module makes."""
    call = node if node.type == "macro_invocation" else node.named_child(0)
    macro = (
        call.child_by_field_name("macro") if call is not None and call.type == "macro_invocation" else None
    )
    maker = name_of(macro).rpartition("::")[2]
    if maker not in _MAKERS or call is None:
        return
    text = call.text or b""
    for found in _MADE.finditer(text):
        line = call.start_point.row + 1 + text.count(b"\n", 0, found.start(2))
        name = found[2].decode("utf-8", "replace")
        yield Static(name, scope, line, bool(found[1]), is_test, False, types_in(found[3]), maker)
