"""Paths as they are written: their segments, and the leaves of a `use`."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tree_sitter import Node

_IDENTIFIER = rb"(?:r#)?[A-Za-z_\x80-\xff][A-Za-z0-9_\x80-\xff]*"
PATH = re.compile(rb"(?:::\s*)?" + _IDENTIFIER + rb"(?:\s*::\s*" + _IDENTIFIER + rb")*")
_SEGMENT = re.compile(_IDENTIFIER)


def leaves_of_use(root: "Node") -> Iterator[tuple[tuple[str, ...], str, int]]:
    """Yield (path, bound name, line) of each leaf; a loop, since nesting is the file's choice."""
    waiting: list[tuple[Node, tuple[str, ...]]] = [(root, ())]
    while waiting:
        node, prefix = waiting.pop()
        line = node.start_point.row + 1
        if node.type == "use_list":
            waiting += [(child, prefix) for child in reversed(node.named_children)]
        elif node.type == "scoped_use_list":
            path, inner = node.child_by_field_name("path"), node.child_by_field_name("list")
            start = _extended(prefix, path) if path else (prefix or ("",))
            if inner is not None:
                waiting.append((inner, start))
        elif node.type == "use_as_clause":
            alias = name_of(node.child_by_field_name("alias"))
            path = node.child_by_field_name("path")
            yield _extended(prefix, path), "" if alias == "_" else alias, line
        elif node.type == "use_wildcard":
            inside = node.named_children
            yield (_extended(prefix, inside[0]) if inside else prefix), "*", line
        elif node.type in ("identifier", "scoped_identifier", "self", "super", "crate"):
            path_here = _extended(prefix, node)
            yield path_here, path_here[-1] if path_here else "", line


def _extended(prefix: tuple[str, ...], node: "Node | None") -> tuple[str, ...]:
    names = segments((node.text or b"") if node is not None else b"")
    # `a::{self}` means a itself.
    return prefix if prefix and names == ("self",) else prefix + names


def segments(text: bytes) -> tuple[str, ...]:
    """Return the names in a path, after "" where it begins with `::`."""
    names = tuple(_plain(segment) for segment in _SEGMENT.findall(text))
    return ("", *names) if text.lstrip().startswith(b"::") else names


def _plain(name: bytes) -> str:
    return name.removeprefix(b"r#").decode("utf-8", "replace")


def name_of(node: "Node | None") -> str:
    """Return the name that a node is, without `r#`; "" for none."""
    return _plain((node.text or b"") if node is not None else b"")


def is_public(node: "Node") -> bool:
    """Whether an item is seen from outside of its module."""
    first = node.child(0) if node.child_count else None
    # pub(self) is written by few and means private.
    return first is not None and first.type == "visibility_modifier" and first.text != b"pub(self)"
