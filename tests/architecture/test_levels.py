"""Levels: users above what they use, and edges that point up."""

from xml.etree import ElementTree

import pytest

from rust_ai_ide.architecture.graph import Graph
from rust_ai_ide.architecture.level_drawing import draw_levels
from rust_ai_ide.architecture.levels import level_map
from tests.architecture.test_drawing import graph
from tests.architecture.test_matrix import TANGLED, random_graph


def names(whole: Graph) -> list[list[str]]:
    return [[node.id for node in level] for level in level_map(whole).levels]


def test_the_level_of_a_node_is_one_above_the_highest_that_it_uses() -> None:
    assert names(graph(("a", "b"), ("b", "c"), ("a", "c"), ("d", "c"))) == [["a"], ["b", "d"], ["c"]]
    assert names(Graph((), ())) == []


def test_a_circle_is_spread_over_levels_and_one_edge_points_up() -> None:
    found = level_map(TANGLED)
    assert names(TANGLED) == [["top"], ["a"], ["b", "x"], ["c", "low"]]
    assert [(edge.source, edge.target) for edge in found.feedback] == [("c", "a")]
    assert found.entangled == {"a", "b", "c"}


@pytest.mark.parametrize("seed", range(8))
def test_only_feedback_edges_point_up(seed: int) -> None:
    whole = random_graph(seed)
    found = level_map(whole)
    row = {node.id: number for number, level in enumerate(found.levels) for node in level}
    upward = tuple(edge for edge in whole.edges if row[edge.source] >= row[edge.target])
    assert upward == found.feedback


def test_a_drawing_of_levels_has_all_nodes_and_the_upward_edges_alone() -> None:
    drawn = draw_levels(level_map(TANGLED))
    root = ElementTree.fromstring(drawn)  # noqa: S314 - our own
    nodes = {group.get("data-node"): group.get("class") for group in root.iter() if group.get("data-node")}
    assert set(nodes) == {"top", "a", "b", "c", "low", "x"}
    assert nodes["a"] == "node module in-cycle"
    edges = [(group.get("data-source"), group.get("data-target")) for group in root.iter()]
    assert [pair for pair in edges if pair[0]] == [("c", "a")]
    assert draw_levels(level_map(TANGLED)) == drawn


def test_names_cannot_break_the_drawing() -> None:
    drawn = draw_levels(level_map(graph(("<b>\u202eevil&", "\x01"))))
    texts = [one.text for one in ElementTree.fromstring(drawn).iter() if one.tag.endswith("}text")]  # noqa: S314
    assert texts[1:] == ["1", "<b>\ufffdevil&", "\ufffd"]
