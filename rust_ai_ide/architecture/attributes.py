"""What the attributes of a file say of the items they stand on: tests, conditions, paths of modules."""

import re
from collections import defaultdict
from typing import TYPE_CHECKING

from rust_ai_ide.architecture.facts import Scope
from rust_ai_ide.architecture.ranges import Ranges, Scopes, Span

if TYPE_CHECKING:
    from tree_sitter import Node

_TEST_ONLY = re.compile(rb"#!?\s*\[\s*(?:cfg\s*\(\s*(?:test\s*\)|all\s*\([^()]*\btest\b)|test\s*\])")
_PATH_ATTRIBUTE = re.compile(rb'#\s*\[\s*path\s*=\s*r?#*"([^"]*)"')
_CFG = re.compile(rb"#\s*\[\s*cfg\s*\(")
_NOT_TEST = re.compile(rb"#\s*\[\s*cfg\s*\(\s*not\s*\(\s*test\s*\)")
_PATH_BY_CONDITION = re.compile(rb'#\s*\[\s*cfg_attr\s*\(.*\bpath\s*=\s*r?#*"([^"]*)"', re.DOTALL)
_EXPORTED = re.compile(rb"#\s*\[\s*macro_export\b")


class Attributes:
    """The attributes of one file; places are bytes."""

    def __init__(self, outer: "list[Node]", inner: "list[Node]", scopes: Scopes, length: int) -> None:
        self._scopes = scopes
        self.paths_of_modules: dict[int, list[tuple[str | None, bool]]] = {}
        self.exported: set[int] = set()
        tests: list[Span] = [
            (0, length)
            for node in inner
            if node.start_byte < 10_000 and not scopes.at(node.start_byte) and _is_test(node)
        ]
        conditions: dict[Scope, list[Span]] = defaultdict(list)
        for node in outer:
            item = _item_of(node)
            if item is None:
                continue
            span, text = (item.start_byte, item.end_byte), node.text or b""
            if _is_test(node):
                tests.append(span)
            elif _CFG.match(text) and not _NOT_TEST.match(text):
                conditions[scopes.at(item.start_byte)].append(span)
            elif item.type == "mod_item":
                self._add_path(item.start_byte, text)
            elif _EXPORTED.match(text):
                self.exported.add(item.start_byte)
        self._tests = Ranges(tests)
        self._conditions = {scope: Ranges(spans) for scope, spans in conditions.items()}

    def _add_path(self, module: int, text: bytes) -> None:
        path, chosen = _PATH_ATTRIBUTE.match(text), _PATH_BY_CONDITION.match(text)
        if path:
            self.paths_of_modules[module] = [(path[1].decode("utf-8", "replace"), False)]
        elif chosen:
            # Where no condition holds it is the file of that name.
            known = self.paths_of_modules.setdefault(module, [(None, True)])
            known.append((chosen[1].decode("utf-8", "replace"), True))

    def is_test(self, place: int) -> bool:
        """Whether only tests compile what stands there."""
        return self._tests.hold(place)

    def is_conditional(self, place: int) -> bool:
        """Whether a `cfg` decides about what stands there, where the module around it is compiled."""
        conditions = self._conditions.get(self._scopes.at(place))
        return conditions is not None and conditions.hold(place)


def _is_test(node: "Node") -> bool:
    text = node.text or b""
    return _TEST_ONLY.match(text) is not None and b"not" not in text


def _item_of(attribute: "Node") -> "Node | None":
    item = attribute.next_named_sibling
    while item is not None and item.type in ("attribute_item", "line_comment", "block_comment"):
        item = item.next_named_sibling
    return item
