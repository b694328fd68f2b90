"""How the architecture of one commit differs from that of another."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from rust_ai_ide.architecture.choosing import Choice, chosen
from rust_ai_ide.architecture.exporting import edge_document
from rust_ai_ide.architecture.graph import Cycle, Edge, Graph
from rust_ai_ide.architecture.model import ArchitectureModel
from rust_ai_ide.observability.printable import printable

_MOST_PLACES = 3


@dataclass(frozen=True, slots=True)
class Drift:
    """What came and what went among the modules, and the cycles that are new or grown.

    Of those cycles `tangles` has the edges that are part of a cycle now and were not before. Test code and
    external crates as nodes are left out; edges to external crates count.
    """

    added_modules: tuple[str, ...]
    removed_modules: tuple[str, ...]
    added: tuple[Edge, ...]
    removed: tuple[Edge, ...]
    tangles: tuple[Cycle, ...]
    cycles_before: int
    cycles_after: int

    @property
    def entangled(self) -> tuple[Edge, ...]:
        """The edges that are part of a cycle now and were not before."""
        return tuple(edge for cycle in self.tangles for edge in cycle.edges)

    @property
    def is_empty(self) -> bool:
        """Whether nothing differs."""
        return not (self.added_modules or self.removed_modules or self.added or self.removed or self.tangles)


def drift(before: ArchitectureModel, after: ArchitectureModel) -> Drift:
    """Return how the modules of one architecture differ from those of an earlier one."""
    old, new = (chosen(model.module_graph, Choice(external=True)) for model in (before, after))
    old_modules, new_modules = _modules(old), _modules(new)
    old_edges, new_edges = (
        {(edge.source, edge.target): edge for edge in graph.edges} for graph in (old, new)
    )
    tangled = _pairs(before.module_cycles)
    return Drift(
        tuple(sorted(new_modules - old_modules)),
        tuple(sorted(old_modules - new_modules)),
        tuple(new_edges[pair] for pair in sorted(new_edges.keys() - old_edges.keys())),
        tuple(old_edges[pair] for pair in sorted(old_edges.keys() - new_edges.keys())),
        tuple(_tangles(after.module_cycles, tangled)),
        len(before.module_cycles),
        len(after.module_cycles),
    )


def to_text(found: Drift) -> str:
    """Return the differences as lines: `+` for what came, `-` for what went, `!` for what is now part of a cycle."""
    return "".join(f"{printable(line)}\n" for line in _lines(found))


def to_json(found: Drift) -> str:
    """Return the same for programs."""
    document = {
        "added_modules": found.added_modules,
        "removed_modules": found.removed_modules,
        "added": [edge_document(edge) for edge in found.added],
        "removed": [edge_document(edge) for edge in found.removed],
        "entangled": [edge_document(edge) for edge in found.entangled],
        "cycles": {"before": found.cycles_before, "after": found.cycles_after},
    }
    return json.dumps(document, indent=2) + "\n"


def _lines(found: Drift) -> Iterator[str]:
    if found.is_empty:
        yield "The modules and their uses are the same."
        return
    for sign, names in (("+", found.added_modules), ("-", found.removed_modules)):
        yield from (f"{sign} module {name}" for name in names)
    for sign, edges in (("+", found.added), ("-", found.removed), ("!", found.entangled)):
        for edge in edges:
            places = ", ".join(f"{place.file}:{place.line}" for place in edge.places[:_MOST_PLACES])
            yield f"{sign} {edge.source} uses {edge.target} ({places})"
    if found.cycles_before != found.cycles_after:
        yield f"Cycles: {found.cycles_before} before, {found.cycles_after} now."


def _modules(graph: Graph) -> set[str]:
    return {node.id for node in graph.nodes if node.place is not None}


def _tangles(cycles: Iterable[Cycle], known: set[tuple[str, str]]) -> Iterator[Cycle]:
    for cycle in cycles:
        fresh = tuple(edge for edge in cycle.edges if (edge.source, edge.target) not in known)
        if fresh:
            yield Cycle(cycle.nodes, fresh)


def _pairs(cycles: Iterable[Cycle]) -> set[tuple[str, str]]:
    return {(edge.source, edge.target) for cycle in cycles for edge in cycle.edges}
