"""One parsed file as rules see it: its text, what encloses a place, and what its attributes say."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rust_ai_ide.review.thresholds import DEFAULTS, Thresholds

if TYPE_CHECKING:
    from tree_sitter import Node

SCOPES = (
    "function_item",
    "closure_expression",
    "async_block",
    "while_expression",
    "loop_expression",
    "for_expression",
    "mod_item",
    "impl_item",
    "trait_item",
    "const_item",
    "static_item",
    "const_block",
    "unsafe_block",
    "macro_definition",
    "struct_item",
    "enum_item",
    "foreign_mod_item",
)
ATTRIBUTES = ("attribute_item", "inner_attribute_item")
LOOPS = frozenset({"for_expression", "while_expression", "loop_expression"})
FUNCTIONS = frozenset({"function_item", "closure_expression", "async_block"})
ITEMS = frozenset({"function_item", "mod_item", "impl_item", "trait_item", "struct_item", "enum_item"})
CONSTS = frozenset({"const_item", "static_item", "const_block"})
COMMENTS = frozenset({"line_comment", "block_comment"})

_ALLOW = re.compile(rb"\b(?:allow|expect)\s*\(([^()]*)\)")
# Neither the reason nor a comment between the names is one of them.
_ASIDE = re.compile(rb"""reason\s*=\s*"(?:[^"\\]|\\.)*\"|//[^\n]*|/\*.*?\*/""", re.DOTALL)
_TEST = re.compile(
    rb"""\#!?\[\s*(?:
        (?:\w+\s*::\s*)*(?:\w+_)?(?:test|bench|rstest|quickcheck|test_case|proptest|test_log)\b
        | cfg\s*\( (?!\s*not\b) (?:.*[(,\s])? test \s*[,)]
    )""",
    re.VERBOSE | re.DOTALL,
)
_NEAR = 200
_HOLDERS = frozenset(
    {"match_arm", "field_initializer", "shorthand_field_initializer", "base_field_initializer"}
)


@dataclass(frozen=True, slots=True)
class Scope:
    """A node that encloses others; `parent` is the index of the scope around it, -1 at the top."""

    kind: str
    start: int
    end: int
    node: "Node"
    parent: int


class Unit:
    """A parsed file with its scopes and attributes in place, before the rules look at it."""

    def __init__(
        self,
        source: bytes,
        root: "Node",
        scopes: Iterable["Node"],
        attributes: list["Node"],
        errors: Iterable["Node"] = (),
        thresholds: Thresholds = DEFAULTS,
    ) -> None:
        self.source = source
        self.thresholds = thresholds
        self.root = root
        self.scopes = _nested(sorted(map(_extent, scopes), key=lambda scope: scope[:2]))
        self._starts = [scope.start for scope in self.scopes]
        self.errors = [(node.start_byte, node.end_byte) for node in errors]
        self.broken = [self._broken(start, end) for start, end in self.errors]
        self._allowed: dict[str, list[tuple[int, int]]] = {}
        self.crate_allows: frozenset[str] = frozenset()
        tests = [
            (scope.start, scope.end)
            for scope in self.scopes
            if scope.kind == "mod_item" and self.name(scope.node) in (b"tests", b"test")
        ]
        tests.extend(self._read_attributes(attributes))
        self._tests = _merged(tests)
        self._allowed = {name: _merged(ranges) for name, ranges in self._allowed.items()}

    def text(self, node: "Node") -> bytes:
        """Return the source text of a node."""
        return self.source[node.start_byte : node.end_byte]

    def name(self, node: "Node") -> bytes:
        """Return the text of a node's `name` field, empty where it has none."""
        name = node.child_by_field_name("name")
        return self.text(name) if name else b""

    def field(self, node: "Node", name: str) -> bytes:
        """Return the text of a field of a node, empty where it has none."""
        child = node.child_by_field_name(name)
        return self.text(child) if child else b""

    def innermost(self, at: int) -> int:
        """Return the index of the innermost scope around a byte, -1 for none."""
        index = bisect_right(self._starts, at) - 1
        while index >= 0 and self.scopes[index].end <= at:
            index = self.scopes[index].parent
        return index

    def enclosing(self, at: int, kinds: frozenset[str], stop: frozenset[str] = frozenset()) -> Scope | None:
        """Return the nearest scope of these kinds around a byte, unless one of `stop` comes before it."""
        index = self.innermost(at)
        while index >= 0:
            scope = self.scopes[index]
            if scope.kind in kinds:
                return scope
            if scope.kind in stop:
                return None
            index = scope.parent
        return None

    def around(self, node: "Node", kinds: frozenset[str], stop: frozenset[str] = frozenset()) -> Scope | None:
        """Return the nearest scope of these kinds around a node, never the node itself."""
        index = self.innermost(node.start_byte)
        while index >= 0:
            scope = self.scopes[index]
            if scope.end > node.end_byte or scope.start < node.start_byte:
                if scope.kind in kinds:
                    return scope
                if scope.kind in stop:
                    return None
            index = scope.parent
        return None

    def in_test(self, at: int) -> bool:
        """Tell whether a byte lies in test code, as far as this file shows."""
        return _covers(self._tests, at)

    def allowed(self, lints: frozenset[str], at: int) -> bool:
        """Tell whether an `#[allow]` or `#[expect]` of one of these lints covers a byte."""
        return any(_covers(self._allowed[lint], at) for lint in lints if lint in self._allowed)

    def attributes_before(self, node: "Node") -> list["Node"]:
        """Return the attributes and comments right before a node, nearest first."""
        before: list[Node] = []
        if not self._may_have_attributes(node):
            return before
        sibling = node.prev_named_sibling
        while sibling and (sibling.type in COMMENTS or sibling.type == "attribute_item"):
            before.append(sibling)
            sibling = sibling.prev_named_sibling
        return before

    def _may_have_attributes(self, node: "Node") -> bool:
        """Look at the text before a node: to ask the tree for a sibling takes time by their number."""
        at = node.start_byte - 1
        while at >= 0 and self.source[at] in b" \t\r\n":
            at -= 1
        line = self.source[self.source.rfind(b"\n", 0, at + 1) + 1 : at + 1].lstrip()
        return line.startswith((b"//", b"#")) or line.endswith((b"]", b"*/"))

    def _broken(self, start: int, end: int) -> tuple[int, int]:
        """Return what an error makes doubtful: the function it lies in, or else only its own range."""
        function = self.enclosing(start, frozenset({"function_item"}))
        return (function.start, max(function.end, end)) if function else (start, end)

    def _read_attributes(self, attributes: list["Node"]) -> list[tuple[int, int]]:
        """Take in what the attributes allow, and return the ranges that they make test code."""
        tests = []
        crate_allows: set[str] = set()
        for node in attributes:
            text = self.text(node)
            allows = _ALLOW.findall(_ASIDE.sub(b"", text))
            is_test = bool(_TEST.match(text))
            if not allows and not is_test:
                continue
            start, end = self._reach(node)
            names = frozenset(
                name.strip().decode(errors="replace") for lints in allows for name in lints.split(b",")
            )
            if names:
                for name in names:
                    self._allowed.setdefault(name, []).append((start, end))
                if node.type == "inner_attribute_item" and end >= len(self.source):
                    crate_allows |= names
            if is_test:
                tests.append((start, end))
        self.crate_allows = frozenset(crate_allows)
        return tests

    def _reach(self, attribute: "Node") -> tuple[int, int]:
        """Return the range of bytes that an attribute speaks about."""
        parent = attribute.parent
        if attribute.type == "inner_attribute_item":
            if parent is None or parent.type == "source_file":
                return 0, len(self.source)
            holder = parent.parent or parent
            return holder.start_byte, holder.end_byte
        if parent and parent.type in _HOLDERS:
            return parent.start_byte, parent.end_byte
        follower = bisect_left(self._starts, attribute.end_byte)
        if follower < len(self.scopes):
            scope = self.scopes[follower]
            gap = scope.start - attribute.end_byte
            if gap < _NEAR and not self.source[attribute.end_byte : scope.start].strip():
                # The common case, told without asking the tree, which takes time by the number of siblings.
                return attribute.start_byte, scope.end
        target = attribute.next_named_sibling
        while target and (target.type == "attribute_item" or target.type in COMMENTS):
            target = target.next_named_sibling
        return attribute.start_byte, target.end_byte if target else attribute.end_byte


def _extent(scope: "Node") -> "tuple[int, int, str, Node]":
    """Return where a scope begins, its end with a minus so that what encloses comes first, its kind and its node."""
    kind, node = scope.type, scope
    if kind == "for_expression":
        # What is looped over is evaluated once.
        node = scope.child_by_field_name("body") or scope
    return node.start_byte, -node.end_byte, kind, node


def _nested(scopes: "list[tuple[int, int, str, Node]]") -> list[Scope]:
    result: list[Scope] = []
    stack: list[int] = []
    for start, negative_end, kind, node in scopes:
        while stack and result[stack[-1]].end <= start:
            stack.pop()
        result.append(Scope(kind, start, -negative_end, node, stack[-1] if stack else -1))
        stack.append(len(result) - 1)
    return result


def _covers(ranges: list[tuple[int, int]], at: int) -> bool:
    """Tell whether a byte lies in one of these sorted ranges."""
    index = bisect_right(ranges, at, key=lambda one: one[0]) - 1
    return index >= 0 and at < ranges[index][1]


def _merged(ranges: list[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(ranges):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged
