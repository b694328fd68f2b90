"""The cheapest edges to cut: none is left in a circle, and no cheaper cut is there."""

from itertools import permutations

import rustworkx
from hypothesis import given, settings
from hypothesis import strategies as st

from rust_ai_ide.architecture import cutting
from rust_ai_ide.architecture.cutting import Cut, cheapest_cut
from rust_ai_ide.architecture.graph import Cycle, Edge, Place

NAMES = [f"m{number:02}" for number in range(40)]


def cycle_of(weights: dict[tuple[int, int], int]) -> Cycle:
    """A cycle with these edges, by the numbers of their ends."""
    nodes = sorted({number for pair in weights for number in pair})
    edges = [
        Edge(NAMES[source], NAMES[target], "use", "resolved", False, weight, (Place("a.rs", 1),))
        for (source, target), weight in sorted(weights.items())
    ]
    return Cycle(tuple(NAMES[number] for number in nodes), tuple(edges))


def is_open(cycle: Cycle, cut: Cut) -> bool:
    graph: rustworkx.PyDiGraph[str, None] = rustworkx.PyDiGraph()
    numbers = dict(zip(cycle.nodes, graph.add_nodes_from(list(cycle.nodes)), strict=True))
    kept = [edge for edge in cycle.edges if edge not in cut.edges]
    graph.add_edges_from_no_data([(numbers[edge.source], numbers[edge.target]) for edge in kept])
    return rustworkx.is_directed_acyclic_graph(graph)


def cheapest_by_trying_all(cycle: Cycle) -> int:
    return min(
        sum(edge.count for edge in cycle.edges if order.index(edge.source) > order.index(edge.target))
        for order in permutations(cycle.nodes)
    )


GRAPHS = st.dictionaries(
    st.tuples(st.integers(0, 5), st.integers(0, 5)).filter(lambda pair: pair[0] != pair[1]),
    st.integers(1, 9),
    min_size=1,
)


@settings(max_examples=60, deadline=None)
@given(GRAPHS)
def test_a_small_cut_is_the_cheapest(weights):
    cycle = cycle_of(weights)
    cut = cheapest_cut(cycle)
    assert cut.is_exact
    assert is_open(cycle, cut)
    assert cut.places == cheapest_by_trying_all(cycle)


@settings(max_examples=60, deadline=None)
@given(
    st.dictionaries(
        st.tuples(st.integers(0, 39), st.integers(0, 39)).filter(lambda pair: pair[0] != pair[1]),
        st.integers(1, 9),
        min_size=60,
        max_size=200,
    )
)
def test_a_large_cut_opens_every_circle(weights):
    cycle = cycle_of(weights)
    cut = cheapest_cut(cycle)
    assert is_open(cycle, cut)
    assert cut.places <= sum(weights.values()) / 2


@settings(max_examples=40, deadline=None)
@given(GRAPHS)
def test_the_quick_way_is_close_to_the_cheapest(weights):
    cycle = cycle_of(weights)
    exact = cheapest_cut(cycle)
    usual, cutting.MOST_EXACT = cutting.MOST_EXACT, 0
    try:
        quick = cheapest_cut(cycle)
    finally:
        cutting.MOST_EXACT = usual
    assert is_open(cycle, quick)
    assert exact.places <= quick.places <= 2 * exact.places + 4


def test_one_heavy_and_one_light_edge() -> None:
    cut = cheapest_cut(cycle_of({(0, 1): 7, (1, 0): 2}))
    assert [(edge.source, edge.target) for edge in cut.edges] == [("m01", "m00")]
    assert cut.places == 2
