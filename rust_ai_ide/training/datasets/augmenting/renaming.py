"""`variableRenaming`: the same code with other names for local variables.

A name is changed everywhere in a function at once, whatever scope a place belongs to, and to one that stands nowhere
else in the file. So what shadowed what before does so after, and nothing is captured. Names that could mean anything
but a local variable at any place of the function are left alone: see `occurrences`.
"""

import random
import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from rust_ai_ide.training.datasets.augmenting.edits import Edit, apply, around, nodes, text_of
from rust_ai_ide.training.datasets.augmenting.occurrences import Places, renamable

if TYPE_CHECKING:
    from tree_sitter import Node, Tree

SHARE = 0.6
"""The share of the names that can be changed which are."""
_WORD = re.compile(r"[A-Za-z_]\w*")
_DECLARED = """
[(function_item name: (identifier) @n) (function_signature_item name: (identifier) @n)
 (const_item name: (identifier) @n)
 (static_item name: (identifier) @n) (mod_item name: (identifier) @n) (macro_definition name: (identifier) @n)
 (const_parameter name: (identifier) @n) (extern_crate_declaration) @n (use_declaration) @n]
"""
NAMES: tuple[str, ...] = tuple(
    _WORD.findall(
        "value item entry current input result total data node other left right index count first last "
        "next state source target key field part piece buffer offset length size start end inner outer "
        "name kind found wanted given amount element member number output parsed pending position previous "
        "range record response sample score segment step text"
    )
)


def renamed(source: bytes, tree: "Tree", chance: random.Random) -> bytes:
    """Return the text with some local variables renamed; the text itself where none surely can be."""
    text = source.decode("utf-8")
    taken = set(_WORD.findall(text)) | set(_KEYWORDS)
    declared = {word for node in nodes(tree.root_node, _DECLARED) for word in _WORD.findall(text_of(node))}
    edits: list[Edit] = []
    for function in _outermost(nodes(tree.root_node, "(function_item) @f")):
        for name, places in sorted(renamable(function, declared).items()):
            if chance.random() < SHARE:
                edits += _edits(name, _fresh(taken, chance), places)
    return apply(source, edits)


def _outermost(functions: "Iterable[Node]") -> "list[Node]":
    """Leave out functions inside others: a name is changed in all of them or in none."""
    return [each for each in functions if all(node.type != "function_item" for node in around(each))]


def _edits(name: str, new: str, places: Places) -> list[Edit]:
    edits = [Edit(node.start_byte, node.end_byte, new.encode()) for node in places.plain]
    # `Point { x }` names a field and a variable at once: the field keeps its name.
    edits += [Edit(node.start_byte, node.end_byte, f"{name}: {new}".encode()) for node in places.initialisers]
    for node in places.patterns:
        pattern = node.parent
        assert pattern is not None
        before = text_of(pattern)[: node.start_byte - pattern.start_byte]
        edits.append(Edit(pattern.start_byte, pattern.end_byte, f"{name}: {before}{new}".encode()))
    return edits


def _fresh(taken: set[str], chance: random.Random) -> str:
    free = [name for name in NAMES if name not in taken]
    if free:
        new = chance.choice(free)
    else:
        number = next(number for number in range(1, len(taken) + 2) if f"{NAMES[0]}_{number}" not in taken)
        new = f"{NAMES[0]}_{number}"
    taken.add(new)
    return new


_KEYWORDS = frozenset(
    _WORD.findall(
        "abstract as async await become box break const continue crate do dyn else enum extern false final "
        "fn for gen if impl in let loop macro match mod move mut override priv pub ref return self static "
        "struct super trait true try type typeof union unsafe unsized use virtual where while yield"
    )
)
