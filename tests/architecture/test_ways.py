"""Chains of uses from one node to another."""

import pytest

from rust_ai_ide.architecture.ways import connection
from tests.architecture.test_drawing import graph


def chains(*edges: tuple[str, str], start: str = "a", end: str = "z") -> list[str]:
    found = connection(graph(*edges), start, end)
    return ["".join([start, *(edge.target for edge in way)]) for way in found.ways]


def test_the_shortest_way_comes_first_and_none_shares_an_edge() -> None:
    edges = [("a", "b"), ("b", "c"), ("c", "z"), ("a", "d"), ("d", "z"), ("b", "z"), ("a", "e"), ("e", "c")]
    assert chains(*edges) == ["abz", "adz", "aecz"]
    assert chains(*reversed(edges)) == ["abz", "adz", "aecz"]


def test_there_are_five_at_most() -> None:
    middle = "bcdefgh"
    assert chains(*[("a", one) for one in middle], *[(one, "z") for one in middle]) == [
        "abz",
        "acz",
        "adz",
        "aez",
        "afz",
    ]


@pytest.mark.parametrize(
    ("start", "end", "count", "leads_back"),
    [("a", "b", 1, True), ("b", "c", 0, True), ("a", "nowhere", 0, False), ("a", "a", 0, False)],
)
def test_it_is_told_whether_the_end_reaches_the_start(
    start: str, end: str, count: int, leads_back: bool
) -> None:
    found = connection(graph(("a", "b"), ("b", "a"), ("c", "a")), start, end)
    assert (len(found.ways), found.leads_back) == (count, leads_back)


def test_the_part_of_all_ways_has_their_nodes_and_edges_and_counts_the_rest() -> None:
    whole = graph(("a", "b"), ("b", "z"), ("a", "z"), ("z", "y"))
    part = connection(whole, "a", "z").part_of(whole)
    assert [node.id for node in part.nodes] == ["a", "b", "z"]
    assert (len(part.edges), part.hidden_nodes, part.hidden_edges) == (3, 1, 1)
