"""Where the local variables of a function are named, and which of them are surely local variables everywhere."""

import re
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from rust_ai_ide.training.datasets.augmenting.edits import around, nodes, text_of

if TYPE_CHECKING:
    from tree_sitter import Node

_LOCAL = re.compile(r"[a-z][a-z0-9_]*")
_WORD = re.compile(r"[A-Za-z_]\w*")
_HARMLESS = re.compile(r"#\[(?:inline|must_use|allow|expect|cold|track_caller|test)\b")
_IN_BRACES = re.compile(r"\{([^{}]*)\}")
_PLAIN_MACROS = frozenset(
    _WORD.findall(
        "assert assert_eq assert_ne dbg debug_assert debug_assert_eq debug_assert_ne eprint eprintln "
        "format panic print println todo unimplemented unreachable vec write writeln"
    )
)
_NAMED = "[(identifier) (shorthand_field_identifier) (metavariable)] @name"
_BOUND = """
[(let_declaration pattern: (_) @p) (let_condition pattern: (_) @p) (for_expression pattern: (_) @p)
 (match_arm pattern: (_) @p) (closure_parameters (_) @p) (parameter pattern: (_) @p)]
"""
# Below these an identifier is a path, an item, a function that is called, or a macro: not surely a variable.
_OTHER = frozenset(
    _WORD.findall(
        "scoped_identifier scoped_type_identifier generic_function use_declaration use_list use_as_clause "
        "scoped_use_list use_wildcard label lifetime function_item function_signature_item const_item static_item "
        "mod_item macro_definition attribute token_tree_pattern token_repetition token_repetition_pattern "
        "token_binding_pattern const_parameter enum_variant tuple_struct_pattern macro_rule type_arguments "
        "range_pattern visibility_modifier"
    )
)


@dataclass
class Places:
    """Where one name stands: alone, as `Point { x }` in an expression, and as `Point { x }` in a pattern."""

    plain: "list[Node]" = field(default_factory=list)
    initialisers: "list[Node]" = field(default_factory=list)
    patterns: "list[Node]" = field(default_factory=list)


def renamable(function: "Node", declared: Collection[str]) -> dict[str, Places]:
    """Return the local variables of a function that can surely be renamed, with every place they stand at.

    Left alone are: names that the file declares or imports as anything else, or that are called as functions; those in
    format strings, in attributes, in the documentation of the function, and in macros other than the plain ones of the
    standard library; parameters of a function that an attribute may change; and all names of code that does not parse.
    """
    if function.has_error:
        return {}
    bound = _bound(function)
    shunned = set(declared) | _in_strings(function) | _about(function)
    places: dict[str, Places] = defaultdict(Places)
    for node in nodes(function, _NAMED):
        name = text_of(node)
        if name not in bound or name in shunned:
            continue
        if not _note(node, places[name]):
            shunned.add(name)
    return {
        name: found
        for name, found in places.items()
        if name not in shunned and _begins_bound(found, bound[name])
    }


def _bound(function: "Node") -> "dict[str, list[Node]]":
    """Return the patterns that bind each name."""
    found: dict[str, list[Node]] = defaultdict(list)
    for pattern in nodes(function, _BOUND):
        for node in nodes(pattern, "[(identifier) (shorthand_field_identifier)] @n"):
            if _LOCAL.fullmatch(text_of(node)):
                found[text_of(node)].append(pattern)
    return found


def _begins_bound(places: Places, patterns: "list[Node]") -> bool:
    """Tell whether the first place is a binding whose own value does not ask for what had the name before."""
    first = min((*places.plain, *places.initialisers, *places.patterns), key=lambda node: node.start_byte)
    pattern = min(patterns, key=lambda node: node.start_byte)
    if not pattern.start_byte <= first.start_byte < pattern.end_byte:
        return False
    statement = pattern.parent
    value = statement.child_by_field_name("value") if statement is not None else None
    if value is None or statement is None or statement.type not in ("let_declaration", "let_condition"):
        return True
    every = (*places.plain, *places.initialisers, *places.patterns)
    return not any(value.start_byte <= node.start_byte < value.end_byte for node in every)


def _note(node: "Node", places: Places) -> bool:
    """Note where a name stands; tell False where it may be no variable there."""
    parent = node.parent
    if parent is None or node.type == "metavariable":
        return False
    if node.type == "shorthand_field_identifier":
        places.patterns.append(node)
        return True
    if parent.type == "shorthand_field_initializer":
        places.initialisers.append(node)
        return True
    if parent.type == "token_tree":
        return _note_in_macro(node, parent, places)
    if parent.type in _OTHER and not (parent.type == "tuple_struct_pattern" and _field_of(node) != "type"):
        return False
    if (
        parent.type in ("call_expression", "macro_invocation", "struct_expression")
        and _field_of(node) is not None
    ):
        return False
    places.plain.append(node)
    return True


def _note_in_macro(node: "Node", tree: "Node", places: Places) -> bool:
    """Take a name among the tokens of a plain macro only where it is an argument or part of an expression."""
    trees, macro = [tree], tree.parent
    while macro is not None and macro.type == "token_tree":
        trees.append(macro)
        macro = macro.parent
    name = macro.child_by_field_name("macro") if macro is not None else None
    if name is None or text_of(name) not in _PLAIN_MACROS:
        return False
    if any(text_of(each).startswith("{") for each in trees):
        return False
    before, after = node.prev_sibling, node.next_sibling
    if before is not None and before.type in (".", "::", "'", "|"):
        # A field or method of something else stays; a path or the parameter of a closure is not surely ours.
        return before.type == "."
    if after is not None and (after.type in ("::", ":", "=", "!", "|") or text_of(after).startswith("(")):
        return False
    places.plain.append(node)
    return True


def _field_of(node: "Node") -> str | None:
    parent = node.parent
    assert parent is not None
    place = next(number for number, child in enumerate(parent.children) if child == node)
    return parent.field_name_for_child(place)


def _in_strings(function: "Node") -> set[str]:
    """Return the words in braces in strings: any may be a variable that a format string names."""
    strings = nodes(function, "[(string_literal) (raw_string_literal)] @s")
    return {
        word for node in strings for part in _IN_BRACES.findall(text_of(node)) for word in _WORD.findall(part)
    }


def _about(function: "Node") -> set[str]:
    """Return the words of what is said about a function, and its parameters where an attribute may change it."""
    said: list[str] = [text_of(node) for node in nodes(function, "(attribute_item) @a")]
    before, is_changed = function.prev_named_sibling, False
    while before is not None and before.type in ("attribute_item", "line_comment", "block_comment"):
        text = text_of(before)
        said.append(text)
        is_changed = is_changed or (before.type == "attribute_item" and not _HARMLESS.match(text))
        before = before.prev_named_sibling
    for holder in around(function):
        above = holder.prev_named_sibling
        while above is not None and above.type == "attribute_item":
            is_changed = is_changed or not _HARMLESS.match(text_of(above))
            above = above.prev_named_sibling
    words = {word for text in said for word in _WORD.findall(text)}
    if is_changed:
        words |= set(_WORD.findall(text_of(parameters))) if (parameters := _parameters(function)) else set()
    return words


def _parameters(function: "Node") -> "Node | None":
    return function.child_by_field_name("parameters")
