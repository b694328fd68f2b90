"""Modules that use each other: in a circle, or closely both ways."""

from collections.abc import Iterator

from rust_ai_ide.architecture.graph import Cycle, Edge
from rust_ai_ide.architecture.patterns.code import Code
from rust_ai_ide.architecture.patterns.model import ANTI_PATTERN, Detected, Detector, Signal, detected

MANY_PLACES, ALL_PLACES = 4, 12
_MOST_NAMED = 4


def _find_cycles(code: Code) -> Iterator[Detected]:
    sides = code.side_crates
    for cycle in code.structure.model.module_cycles:
        if any(name.partition("::")[0] in sides for name in cycle.nodes):
            continue
        apart = [edge for edge in cycle.edges if not _nested(edge.source, edge.target)]
        first = next((edge for edge in apart if edge.places), None)
        if first is not None:
            subject = min(cycle.nodes, key=lambda name: (-_degree(cycle, name), name))
            yield from detected("circular-dependencies", subject, first.places[0], _circle(cycle, apart))


def _circle(cycle: Cycle, apart: list[Edge]) -> list[Signal]:
    """Return the signals of a cycle; edges between a module and one inside it are usual, and do not count."""
    from rust_ai_ide.architecture.graph import Graph, Node, cycles

    nodes = tuple(Node(name, name, "module", "") for name in cycle.nodes)
    circles = cycles(Graph(nodes, tuple(apart)))
    if not circles:
        return []
    circle = circles[0]
    shown = ", ".join(circle.nodes[:_MOST_NAMED])
    more = f" and {len(circle.nodes) - _MOST_NAMED} more" if len(circle.nodes) > _MOST_NAMED else ""
    found = [Signal(f"{shown}{more} reach each other in a circle.", 0.5, circle.edges[0].places[0])]
    found.append(Signal("None of the uses is one of a module and what lies inside it.", 0.3))
    mutual = _mutual(circle)
    if mutual is not None:
        sentence = f"{mutual.source} and {mutual.target} use each other directly."
        found.append(Signal(sentence, 0.2, mutual.places[0]))
    return found


def _mutual(cycle: Cycle) -> Edge | None:
    pairs = {(edge.source, edge.target) for edge in cycle.edges}
    return next((edge for edge in cycle.edges if (edge.target, edge.source) in pairs and edge.places), None)


def _degree(cycle: Cycle, name: str) -> int:
    return sum(name in (edge.source, edge.target) for edge in cycle.edges)


def _find_tight(code: Code) -> Iterator[Detected]:
    by_pair = {(edge.source, edge.target): edge for edge in code.edges}
    for (source, target), edge in by_pair.items():
        back = by_pair.get((target, source))
        if back is None or source > target or _nested(source, target):
            continue
        if min(edge.count, back.count) >= MANY_PLACES:
            yield from detected(
                "tight-coupling", f"{source} and {target}", edge.places[0], _tight(code, edge, back)
            )


def _tight(code: Code, edge: Edge, back: Edge) -> list[Signal]:
    found = [
        Signal(f"{edge.source} uses {edge.target} at {edge.count} places.", 0.4, edge.places[0]),
        Signal(f"{back.source} uses {back.target} at {back.count} places.", 0.4, back.places[0]),
    ]
    declared = [kind for name in (edge.source, edge.target) for kind in code.by_id[name].types]
    if not any(kind.kind == "trait" for kind in declared):
        found.append(Signal("Neither declares a trait that would stand between them.", 0.2))
    if edge.count + back.count >= ALL_PLACES:
        found.append(Signal(f"These are {edge.count + back.count} places together.", 0.2))
    return found


def _nested(first: str, second: str) -> bool:
    return f"{first}::".startswith(f"{second}::") or f"{second}::".startswith(f"{first}::")


CIRCULAR = Detector(
    "circular-dependencies",
    "Circular dependencies",
    ANTI_PATTERN,
    "Modules that reach each other in a circle, but for uses between a module and what lies inside it, which are usual "
    "in Rust.",
    _find_cycles,
)
TIGHT_COUPLING = Detector(
    "tight-coupling",
    "Tight coupling",
    ANTI_PATTERN,
    f"Two modules, none inside the other, that use each other at {MANY_PLACES} places or more each way.",
    _find_tight,
)
