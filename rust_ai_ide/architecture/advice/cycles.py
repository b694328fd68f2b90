"""Advice to cut cycles."""

from collections.abc import Iterator

from rust_ai_ide.architecture.advice.model import (
    BETTER_CODE,
    FASTER,
    TESTABLE,
    Asked,
    Kind,
    Level,
    Recommendation,
    Surroundings,
    effort,
    is_inside,
)
from rust_ai_ide.architecture.cutting import cheapest_cut
from rust_ai_ide.architecture.graph import Graph, cycles
from rust_ai_ide.architecture.summary import counted

_MOST = 5
_MOST_EVIDENCE = 10


def advise_on_cycles(around: Surroundings, asked: Asked) -> Iterator[Recommendation]:
    """Recommend the cheapest cut of cycles, not counting uses between a module and what lies inside it."""
    graph = around.structure.model.module_graph
    between = Graph(graph.nodes, tuple(edge for edge in graph.edges if not is_inside(edge)))
    for cycle in cycles(between)[:_MOST]:
        cut = cheapest_cut(cycle)
        edges, places = cut.edges, cut.places
        names = ", ".join(cycle.nodes[:3]) + (" …" if len(cycle.nodes) > 3 else "")
        way = "the cheapest way" if cut.is_exact else "a cheap way"
        yield Recommendation(
            Kind.IMPROVEMENT,
            f"Cut the cycle of {len(cycle.nodes)} modules around {names}",
            "Move what these uses need into a module that both sides may use, or hand it over as an argument.",
            tuple(
                (f"{edge.source} uses {edge.target}.", edge.places[0] if edge.places else None)
                for edge in edges[:_MOST_EVIDENCE]
            ),
            0.9 if cut.is_exact else 0.7,
            effort(places),
            f"{counted(places, 'place')} in {counted(len(edges), 'use')} between modules, {way}",
            Level.LOW if places <= 5 else Level.MEDIUM,
            "It moves code and changes no behaviour; public paths change where a re-export is not left behind.",
            (BETTER_CODE, TESTABLE, FASTER),
        )
