"""Coupling of modules or crates, by Martin's measures (OO Design Quality Metrics, 1994)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rust_ai_ide.architecture.choosing import OUTSIDE, Choice, chosen
from rust_ai_ide.architecture.graph import Edge, Graph, Place, ancestors_at, folded
from rust_ai_ide.architecture.types.structure import Structure

TypeCounts = Mapping[str, tuple[int, int]]
"""By the id of a module: how many types it declares, traits counted, and how many of them are traits."""
_ABSTRACT = "trait"
_ALIAS = "alias"


@dataclass(frozen=True, slots=True)
class Coupling:
    """The measures of a module or crate, each of them None where it is not defined.

    `afferent` counts the others that use it, `efferent` those it uses.
    """

    id: str
    place: Place | None
    afferent: int
    efferent: int
    types: int
    traits: int

    @property
    def instability(self) -> float | None:
        """The share of its uses that go out: 0 for what everybody leans on, 1 for what nobody does."""
        both = self.afferent + self.efferent
        return self.efferent / both if both else None

    @property
    def abstractness(self) -> float | None:
        """The share of traits among its types."""
        return self.traits / self.types if self.types else None

    @property
    def distance(self) -> float | None:
        """How far it is from being as abstract as it is stable: |abstractness + instability - 1|."""
        if self.instability is None or self.abstractness is None:
            return None
        return abs(self.abstractness + self.instability - 1)


@dataclass(frozen=True, slots=True)
class Unstable:
    """An edge to something less stable than what it comes from; `by` is the difference of the instabilities."""

    edge: Edge
    by: float


def type_counts(structure: Structure) -> dict[str, tuple[int, int]]:
    """Count the types of each module, without tests and aliases."""
    counts: dict[str, tuple[int, int]] = {}
    for module in structure.modules:
        kinds = [one.kind for one in module.types if not one.is_test and one.kind != _ALIAS]
        types, traits = counts.get(module.id, (0, 0))
        counts[module.id] = (types + len(kinds), traits + kinds.count(_ABSTRACT))
    return counts


def couplings(
    graph: Graph, counts: TypeCounts, *, external: bool = False, depth: int | None = None
) -> tuple[tuple[Coupling, ...], Graph]:
    """Return the measures of the nodes in the project, and the graph that they hold for. Test code does not count.

    With `external`, crates from outside count as used. Modules deeper than `depth` count as part of the one around
    them, a crate being at 0; so a graph of modules at 0 is one of crates.
    """
    graph = chosen(graph, Choice(external=external))
    if depth is not None:
        target = ancestors_at(graph, depth)
        graph = folded(graph, target)
        counts = _folded_counts(counts, target)
    uses = dict.fromkeys((node.id for node in graph.nodes), 0)
    used = dict(uses)
    for edge in graph.edges:
        uses[edge.source] += 1
        used[edge.target] += 1
    inside = [node for node in graph.nodes if node.kind not in OUTSIDE]
    found = tuple(
        Coupling(node.id, node.place, used[node.id], uses[node.id], *counts.get(node.id, (0, 0)))
        for node in inside
    )
    return found, graph


def _folded_counts(counts: TypeCounts, target: Mapping[str, str]) -> TypeCounts:
    sums: dict[str, tuple[int, int]] = {}
    for name, (types, traits) in counts.items():
        if name in target:
            before = sums.get(target[name], (0, 0))
            sums[target[name]] = (before[0] + types, before[1] + traits)
    return sums


def unstable_edges(found: Sequence[Coupling], graph: Graph, least: float = 0.0) -> tuple[Unstable, ...]:
    """Return the edges that lead to what is less stable by more than `least`, the worst first.

    What others lean on should lean on nothing that changes more easily: the Stable Dependencies Principle.
    """
    instability = {one.id: one.instability for one in found}
    unstable = []
    for edge in graph.edges:
        source, target = instability.get(edge.source), instability.get(edge.target)
        if source is not None and target is not None and target - source > least:
            unstable.append(Unstable(edge, target - source))
    return tuple(sorted(unstable, key=lambda one: (-one.by, one.edge.source, one.edge.target)))
