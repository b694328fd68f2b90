"""The code that a `macro_rules!` makes, as text that parses: one text for each of its arms."""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from rust_ai_ide.architecture.facts import FileUses, Use

if TYPE_CHECKING:
    from tree_sitter import Node

PLACEHOLDER = "__metavariable_"
"""Begins the names that stand for what the caller of a macro fills in."""

_METAVARIABLE = re.compile(rb"\$(?!crate\b)(?=[A-Za-z_])")
_CRATE = re.compile(rb"\$crate\b")


def arms(definition: "Node", source: bytes) -> Iterator[tuple[bytes, int]]:
    """Yield the text that each arm makes, with the number of lines before it.

    Repetitions are there once, `$crate` is `crate`, and other metavariables are names with `PLACEHOLDER`.
    """
    for rule in definition.named_children:
        made = rule.child_by_field_name("right") if rule.type == "macro_rule" else None
        if made is None:
            continue
        text = bytearray(source[made.start_byte + 1 : made.end_byte - 1])
        for start, end in _marks_of_repetitions(made):
            start, end = start - made.start_byte - 1, end - made.start_byte - 1
            text[start:end] = re.sub(rb"[^\n]", b" ", bytes(text[start:end]))
        plain = _CRATE.sub(b"crate", bytes(text))
        yield _METAVARIABLE.sub(PLACEHOLDER.encode(), plain), made.start_point.row


def _marks_of_repetitions(node: "Node") -> Iterator[tuple[int, int]]:
    """Yield what is around the insides of `$( … ),*`."""
    waiting = [node]
    while waiting:
        inside = waiting.pop()
        if inside.type == "token_repetition":
            words = inside.children
            close = next((word for word in reversed(words) if word.type == ")"), None)
            opening = next((word for word in words if word.type == "("), None)
            if opening is not None and close is not None:
                yield inside.start_byte, opening.end_byte
                yield close.start_byte, inside.end_byte
        waiting += inside.named_children


def together(parts: "list[FileUses]") -> FileUses:
    """Return what several texts say, without what the caller of a macro fills in.

    Items whose name the caller gives stay, so that it is known that there are some.
    """
    modules = dict.fromkeys(
        module for part in parts for module in part.modules if _is_known((*module.scope, module.name))
    )
    uses = dict.fromkeys(
        replace(_known_part(use), in_macro=True)
        for part in parts
        for use in part.uses
        if _is_known(use.scope)
    )
    items = dict.fromkeys(item for part in parts for item in part.items if _is_known(item.scope))
    calls = dict.fromkeys(
        call for part in parts for call in part.calls if _is_known((*call.scope, call.name))
    )
    return FileUses(tuple(modules), tuple(use for use in uses if use.path), tuple(items), (), tuple(calls))


def _is_known(names: tuple[str, ...]) -> bool:
    return not any(name.startswith(PLACEHOLDER) for name in names)


def _known_part(use: Use) -> Use:
    """Return the use of what is around, where the rest of a path is filled in."""
    for position, name in enumerate(use.path):
        if name.startswith(PLACEHOLDER):
            is_last = position == len(use.path) - 1
            return replace(use, kind="filled" if is_last else "path", path=use.path[:position], binds="")
    return replace(use, binds="") if use.binds.startswith(PLACEHOLDER) else use
