"""What the engine asks a parsed file: one query for all rules, and which rules take which of its matches.

A match costs more to make than to look at. So whatever asks for nodes of some kinds, and for nothing about them,
shares one pattern: a function is matched once, though many rules look at functions.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

from rust_ai_ide.review.rules import every_rule
from rust_ai_ide.review.rules.model import Rule
from rust_ai_ide.review.rules.patterns import CALL, METHOD_CALL, PATH_CALL
from rust_ai_ide.review.unit import ATTRIBUTES, SCOPES
from rust_ai_ide.source.syntax.languages import grammar

if TYPE_CHECKING:
    from tree_sitter import Language, Node, Query

_NAMED_BY = {"binary_expression": "operator"}  # kinds whose rules go by the text of a field
METHOD = b"."  # tells names of methods from those of functions
_GENERIC = ord(">")  # the end of `collect::<Vec<_>>`
_ONLY_KINDS = re.compile(r"\[?((?:\(\w+\)\s*)+)\]? @(\w+)")


@dataclass(slots=True)
class Takers:
    """The rules that take the matches of one pattern: by the text of `@name`, and those that take every match."""

    by_name: dict[bytes, list[Rule]] = field(default_factory=dict)
    always: list[Rule] = field(default_factory=list)

    def of(self, source: bytes, captures: "dict[str, list[Node]]") -> Sequence[Rule]:
        """Return the rules for a match, and add `@name` to its captures where they go by it."""
        if not self.by_name:
            return self.always
        named = self.by_name.get(name_of(source, captures))
        if named is None:
            return self.always
        if "name" not in captures:
            captures["name"] = [name_node(captures)]
        return named + self.always


@dataclass(slots=True)
class OfKind:
    """Who takes the nodes of one kind: the unit, and rules by what they call the node.

    Shorter nodes than `least`, in bytes, interest no rule. Some kinds go by the text of their `name_field`.
    """

    is_scope: bool = False
    is_attribute: bool = False
    least: int = 0
    by_capture: dict[str, list[Rule]] = field(default_factory=dict)
    name_field: str = ""
    by_name: dict[bytes, list[tuple[str, Rule]]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Plan:
    """The query, whose first pattern matches each node of a kind in `of_kinds` as `@node`; then come `takers`."""

    query: "Query"
    of_kinds: dict[int, OfKind]
    takers: tuple[Takers, ...]


@cache
def plan() -> Plan:
    """Return the plan for every rule."""
    from tree_sitter import Query

    language = grammar("rust")
    of_kinds: dict[str, OfKind] = {}
    for kind in SCOPES:
        of_kinds.setdefault(kind, OfKind()).is_scope = True
    for kind in ATTRIBUTES:
        of_kinds.setdefault(kind, OfKind()).is_attribute = True
    takers: dict[str, Takers] = {}
    for rule in every_rule():
        if rule.on_match is None:
            continue
        only_kinds = _ONLY_KINDS.fullmatch(rule.pattern)
        kinds = only_kinds[1].replace("(", "").replace(")", "").split() if only_kinds else []
        if only_kinds and (not rule.names or any(kind in _NAMED_BY for kind in kinds)):
            for kind in kinds:
                new = OfKind(least=rule.least, name_field=_NAMED_BY.get(kind, ""))
                _add(of_kinds.setdefault(kind, new), only_kinds[2], rule)
        else:
            pattern = CALL if rule.pattern in (METHOD_CALL, PATH_CALL) else rule.pattern
            _add_named(takers.setdefault(pattern, Takers()), rule)
    every_kind = " ".join(f"({kind})" for kind in of_kinds)
    query = Query(language, "\n".join((f"[{every_kind}] @node", *takers)))
    return Plan(query, _by_number(language, of_kinds), tuple(takers.values()))


@cache
def error_query() -> "Query":
    """Return the query for what could not be parsed, as `@error`: for the few files that have some."""
    from tree_sitter import Query

    return Query(grammar("rust"), "[(ERROR) (MISSING)] @error")


def _add(of_kind: OfKind, capture: str, rule: Rule) -> None:
    of_kind.least = min(of_kind.least, rule.least)
    if not (of_kind.name_field and rule.names):
        of_kind.by_capture.setdefault(capture, []).append(rule)
        return
    for name in rule.names:
        of_kind.by_name.setdefault(name, []).append((capture, rule))


def _add_named(takers: Takers, rule: Rule) -> None:
    for name in rule.names:
        if rule.pattern != METHOD_CALL:
            takers.by_name.setdefault(name, []).append(rule)
        if rule.pattern in (CALL, METHOD_CALL):
            takers.by_name.setdefault(METHOD + name, []).append(rule)
    if not rule.names:
        takers.always.append(rule)


def _by_number(language: "Language", of_kinds: dict[str, OfKind]) -> dict[int, OfKind]:
    numbers = {kind: language.id_for_node_kind(kind, True) for kind in of_kinds}
    return {number: of_kinds[kind] for kind, number in numbers.items() if number is not None}


def name_of(source: bytes, captures: "dict[str, list[Node]]") -> bytes:
    """Return the text of `@name`, or the last segment of what is called, of a method with `METHOD` before it.

    Goes by the text: there are tens of thousands of calls in a project, and most of their names are no rule's.
    """
    if "name" in captures:
        node = captures["name"][0]
        return source[node.start_byte : node.end_byte]
    node = (captures.get("function") or captures["path"])[0]
    start, end = node.start_byte, node.end_byte
    if source[end - 1] == _GENERIC:
        node = name_node(captures)
        start, end = node.start_byte, node.end_byte
        is_method = node.type == "field_identifier"
        return METHOD + source[start:end] if is_method else source[start:end]
    dot, colon = source.rfind(b".", start, end), source.rfind(b":", start, end)
    if dot > colon:
        return METHOD + source[dot + 1 : end].lstrip()
    return source[max(colon + 1, start) : end].lstrip()


def name_node(captures: "dict[str, list[Node]]") -> "Node":
    """Return the last segment of what is called."""
    node = (captures.get("function") or captures["path"])[0]
    if node.type == "generic_function":
        node = node.child_by_field_name("function") or node
    if node.type == "field_expression":
        return node.child_by_field_name("field") or node
    if node.type == "scoped_identifier":
        return node.child_by_field_name("name") or node
    return node
