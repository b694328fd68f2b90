"""Rules about who may use whom, and the edges that break them."""

from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase

from rust_ai_ide.architecture.graph import Cycle, Edge, Graph

SEPARATOR = "::"
LAYERS, FORBIDDEN, CYCLE = "layers", "forbidden", "cycle"


@dataclass(frozen=True, slots=True)
class Pattern:
    """Names modules: one by its path, and all that lie in it. `*` stands for any one name, or a part of one."""

    text: str

    def covers(self, module: str) -> bool:
        """Tell whether a module is meant."""
        wanted, names = self.text.split(SEPARATOR), module.split(SEPARATOR)
        return len(names) >= len(wanted) and all(map(fnmatchcase, names, wanted))


@dataclass(frozen=True, slots=True)
class Forbidden:
    """What `source` matches may not use what `target` matches; `because` tells those who do why."""

    source: Pattern
    target: Pattern
    because: str = ""


@dataclass(frozen=True, slots=True)
class Rules:
    """What holds in a project. `layers` are rows from the top down: what is in a row may use the rows below.

    The parts of one row may not use each other. Modules in no layer may use all, and be used by all.
    """

    layers: tuple[tuple[Pattern, ...], ...] = ()
    forbidden: tuple[Forbidden, ...] = ()
    forbids_cycles: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether nothing is asked for."""
        return not (self.layers or self.forbidden or self.forbids_cycles)


@dataclass(frozen=True, slots=True)
class Violation:
    """An edge that breaks a rule, with the reason as a sentence."""

    rule: str
    edge: Edge
    reason: str

    @property
    def key(self) -> tuple[str, str, str]:
        """What stays the same while lines move: the rule, and who uses whom."""
        return self.rule, self.edge.source, self.edge.target


def violations(graph: Graph, cycles: tuple[Cycle, ...], rules: Rules) -> tuple[Violation, ...]:
    """Return the edges of a graph of modules that break the rules, by rule and name; test code is free."""
    found = [violation for edge in graph.edges if not edge.is_test for violation in _of_edge(edge, rules)]
    if rules.forbids_cycles:
        found += [
            Violation(CYCLE, edge, f"It is part of a cycle of {len(cycle.nodes)} modules.")
            for cycle in cycles
            for edge in cycle.edges
        ]
    return tuple(sorted(found, key=lambda one: one.key))


def _of_edge(edge: Edge, rules: Rules) -> Iterator[Violation]:
    source, target = _place(edge.source, rules), _place(edge.target, rules)
    if source and target and source != target:
        user, used = f"`{_part(rules, source)}`", f"`{_part(rules, target)}`"
        if source[0] > target[0]:
            yield Violation(LAYERS, edge, f"{used} lies above {user}, which may use only what is below.")
        elif source[0] == target[0]:
            yield Violation(LAYERS, edge, f"{user} and {used} lie side by side: neither may use the other.")
    for one in rules.forbidden:
        if one.source.covers(edge.source) and one.target.covers(edge.target):
            reason = one.because or f"`{one.source.text}` may not use `{one.target.text}`."
            yield Violation(FORBIDDEN, edge, reason)
            break


def _place(module: str, rules: Rules) -> tuple[int, int] | None:
    """Return the row and the part of it that a module lies in; the longest pattern that covers it counts."""
    found = [
        (len(part.text.split(SEPARATOR)), (row, column))
        for row, parts in enumerate(rules.layers)
        for column, part in enumerate(parts)
        if part.covers(module)
    ]
    return max(found)[1] if found else None


def _part(rules: Rules, place: tuple[int, int]) -> str:
    return rules.layers[place[0]][place[1]].text
