"""What the attributes of a file say of the items they stand on: tests, conditions, paths of modules."""

import re
from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from rust_ai_ide.architecture.facts import Scope
from rust_ai_ide.architecture.ranges import Labels, Ranges, Scopes, Span
from rust_ai_ide.source.syntax.cfg import needs_test, read_condition

if TYPE_CHECKING:
    from tree_sitter import Node

_TEST = re.compile(rb"#!?\s*\[\s*test\s*\]")
_PATH_ATTRIBUTE = re.compile(rb'#\s*\[\s*path\s*=\s*r?#*"([^"]*)"')
_CFG = re.compile(rb"#!?\s*\[\s*cfg\s*\((.*)\)\s*\]", re.DOTALL)
_PATH_BY_CONDITION = re.compile(
    rb'#\s*\[\s*cfg_attr\s*\((.*?)\s*,(?:[^"]*,)?\s*path\s*=\s*r?#*"([^"]*)"', re.DOTALL
)
_EXPORTED = re.compile(rb"#\s*\[\s*macro_export\b")


class Attributes:
    """The attributes of one file; places are bytes."""

    def __init__(self, outer: "list[Node]", inner: "list[Node]", scopes: Scopes, length: int) -> None:
        self._scopes = scopes
        self.paths_of_modules: dict[int, list[ModulePath]] = {}
        self.exported: set[int] = set()
        tests: list[Span] = [
            (0, length)
            for node in inner
            if node.start_byte < 10_000 and not scopes.at(node.start_byte) and _is_test(node.text or b"")
        ]
        conditions: dict[Scope, list[tuple[Span, str]]] = defaultdict(list)
        for node in outer:
            item = _item_of(node)
            if item is None:
                continue
            span, text = (item.start_byte, item.end_byte), node.text or b""
            if _is_test(text):
                tests.append(span)
            elif condition := _condition(text):
                conditions[scopes.at(item.start_byte)].append((span, condition))
            elif item.type == "mod_item":
                self._add_path(item.start_byte, text)
            elif _EXPORTED.match(text):
                self.exported.add(item.start_byte)
        self._tests = Ranges(tests)
        self._conditions = {scope: Labels(labels) for scope, labels in conditions.items()}

    def _add_path(self, module: int, text: bytes) -> None:
        path, chosen = _PATH_ATTRIBUTE.match(text), _PATH_BY_CONDITION.match(text)
        if path:
            self.paths_of_modules[module] = [ModulePath(_text(path[1]), False, "")]
        elif chosen:
            # Where no condition holds it is the file of that name.
            condition = _text(chosen[1])
            usual, *others = self.paths_of_modules.get(module, [ModulePath(None, True, "")])
            usual = usual._replace(condition=both(usual.condition, f"not({condition})"))
            self.paths_of_modules[module] = [usual, *others, ModulePath(_text(chosen[2]), True, condition)]

    def is_test(self, place: int) -> bool:
        """Whether only tests compile what stands there."""
        return self._tests.hold(place)

    def condition(self, place: int) -> str:
        """Return what `cfg` says around a place, where the module around it is compiled; "" for nothing."""
        conditions = self._conditions.get(self._scopes.at(place))
        return both(*conditions.at(place)) if conditions is not None else ""


class ModulePath(NamedTuple):
    """A file that attributes give to a module, None for the usual one, and under which condition."""

    path: str | None
    is_choice: bool
    condition: str


def both(*conditions: str) -> str:
    """Return the condition that all hold, "" for none."""
    said = [condition for condition in conditions if condition]
    return said[0] if len(said) == 1 else f"all({', '.join(said)})" if said else ""


def _condition(attribute: bytes) -> str:
    """Return what a `cfg` says, "" where the attribute is none, or is one that holds whenever tests are left out."""
    found = _CFG.match(attribute)
    if found is None:
        return ""
    condition = read_condition(_text(found[1]))
    is_usual = condition.holds(lambda name, value: False if (name, value) == ("test", None) else None) is True
    return "" if is_usual else _text(found[1]).strip()


def _is_test(attribute: bytes) -> bool:
    if _TEST.match(attribute):
        return True
    found = _CFG.match(attribute)
    return found is not None and b"test" in found[1] and needs_test(read_condition(_text(found[1])))


def _text(text: bytes) -> str:
    return text.decode("utf-8", "replace")


def _item_of(attribute: "Node") -> "Node | None":
    item = attribute.next_named_sibling
    while item is not None and item.type in ("attribute_item", "line_comment", "block_comment"):
        item = item.next_named_sibling
    return item
