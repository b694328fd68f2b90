"""Orders, matrices and levels: users first, and what stands against that."""

import random

import pytest

from rust_ai_ide.architecture.graph import Graph, cycles, merged
from rust_ai_ide.architecture.matrix import matrix_of
from rust_ai_ide.architecture.ordering import dependency_order
from tests.architecture.test_drawing import edge, graph

TANGLED = graph(("top", "a"), *[("a", "b"), ("b", "c")] * 2, ("c", "a"), ("b", "low"), ("x", "low"))


def random_graph(seed: int, nodes: int = 40, edges: int = 110) -> Graph:
    chance = random.Random(seed)
    names = [f"n{number:02}" for number in range(nodes)]
    pairs = {(chance.choice(names), chance.choice(names)) for _ in range(edges)}
    return graph(*sorted(pair for pair in pairs if pair[0] != pair[1]))


def test_users_come_before_what_they_use() -> None:
    order = dependency_order(TANGLED)
    assert order.groups == (("top",), ("a", "b", "c"), ("x",), ("low",))
    assert [(one.source, one.target) for one in order.feedback] == [("c", "a")]


@pytest.mark.parametrize("seed", range(8))
def test_feedback_edges_alone_stand_against_the_order_and_each_closes_a_circle(seed: int) -> None:
    whole = random_graph(seed)
    order = dependency_order(whole)
    assert sorted(order.names) == [node.id for node in whole.nodes]
    place = {name: number for number, name in enumerate(order.names)}
    against = {one for one in whole.edges if place[one.source] > place[one.target]}
    assert set(order.feedback).issuperset(against)
    kept = [one for one in whole.edges if one not in order.feedback]
    assert not cycles(Graph(whole.nodes, tuple(kept)))
    for one in order.feedback:
        assert cycles(Graph(whole.nodes, (*kept, one)))


def test_test_code_has_no_say_in_the_order() -> None:
    plain = graph(("a", "b"))
    tested = Graph(plain.nodes, merged([*plain.edges, edge("b", "a", is_test=True)]))
    assert dependency_order(tested) == dependency_order(plain)
    assert len(matrix_of(tested).cells) == 2


def test_a_matrix_has_blocks_for_cycles_and_a_cell_for_each_edge() -> None:
    matrix = matrix_of(TANGLED)
    assert [node.id for node in matrix.nodes] == ["top", "a", "b", "c", "x", "low"]
    assert matrix.blocks == ((1, 3),)
    assert {cell: one.target for cell, one in matrix.cells.items()} == {
        (0, 1): "a",
        (1, 2): "b",
        (2, 3): "c",
        (3, 1): "a",
        (2, 5): "low",
        (4, 5): "low",
    }
    assert matrix.feedback == {(3, 1)}
