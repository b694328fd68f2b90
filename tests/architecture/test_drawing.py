from xml.etree import ElementTree

import pytest

from rust_ai_ide.architecture.choosing import Choice, chosen
from rust_ai_ide.architecture.drawing import DrawingFailed, draw
from rust_ai_ide.architecture.graph import (
    AROUND,
    USED_BY,
    USES,
    Edge,
    Graph,
    Node,
    Place,
    collapse,
    cycles,
    merged,
    neighbourhood,
    without,
)


def edge(source: str, target: str, *, is_test: bool = False, line: int = 1) -> Edge:
    return Edge(source, target, "use", "resolved", is_test, 1, (Place("a.rs", line),))


def graph(*edges: tuple[str, str]) -> Graph:
    names = sorted({name for pair in edges for name in pair})
    parents = {name: name.rpartition("::")[0] or None for name in names}
    nodes = [
        Node(name, name.rpartition("::")[2], "module", name.partition("::")[0], parents[name])
        for name in names
    ]
    return Graph(tuple(nodes), merged(edge(*pair) for pair in edges))


def test_cycles_are_the_same_whatever_the_order() -> None:
    pairs = [("a", "b"), ("b", "c"), ("c", "a"), ("d", "e"), ("e", "d"), ("e", "a"), ("x", "y")]
    found = cycles(graph(*pairs))
    assert [cycle.nodes for cycle in found] == [("a", "b", "c"), ("d", "e")]
    assert [len(cycle.edges) for cycle in found] == [3, 2]
    shuffled = Graph(tuple(reversed(graph(*pairs).nodes)), tuple(reversed(graph(*pairs).edges)))
    assert cycles(shuffled) == found


def test_merging_keeps_places_and_prefers_production_code() -> None:
    (one,) = merged([edge("a", "b", is_test=True, line=9), edge("a", "b", line=3), edge("a", "b", line=3)])
    assert (one.count, one.is_test, [place.line for place in one.places]) == (3, False, [3, 9])


def tree(crates: int, modules: int) -> Graph:
    nodes = []
    for crate in range(crates):
        nodes.append(Node(f"c{crate}", f"c{crate}", "crate", f"c{crate}"))
        nodes += [
            Node(f"c{crate}::m{m}", f"m{m}", "module", f"c{crate}", f"c{crate}") for m in range(modules)
        ]
    names = [node.id for node in nodes]
    edges = merged(edge(one, other) for one, other in zip(names, names[1:] + names[:1], strict=True))
    return Graph(tuple(sorted(nodes, key=lambda node: node.id)), edges)


@pytest.mark.parametrize(("crates", "modules"), [(3, 10), (10, 20), (300, 1), (1, 500), (2, 0)])
def test_collapsing_keeps_within_the_limit_and_counts_the_rest(crates: int, modules: int) -> None:
    whole = tree(crates, modules)
    small = collapse(whole, 120)
    assert len(small.nodes) <= 120
    assert sum(node.size for node in small.nodes) == len(whole.nodes)
    assert small.hidden_nodes == len(whole.nodes) - len(small.nodes)
    assert small.hidden_edges == len(whole.edges) - len(small.edges)
    shown = {node.id for node in small.nodes}
    assert all(e.source in shown and e.target in shown and e.source != e.target for e in small.edges)


def test_parts_of_a_graph() -> None:
    whole = graph(("a", "b"), ("b", "c"), ("c", "d"))
    near = neighbourhood(whole, "b")
    assert [node.id for node in near.nodes] == ["a", "b", "c"]
    assert (near.hidden_nodes, near.hidden_edges) == (1, 1)
    assert len(without(whole, lambda node: node.id == "b").edges) == 1


def test_what_lies_in_a_node_can_be_chosen() -> None:
    whole = graph(
        ("a", "a::b"), ("a::b::c", "a::b"), ("a::b::c::d", "a::b"), ("a::bb", "a::b"), ("b", "a::b")
    )
    inside = chosen(whole, Choice(inside="a::b"))
    assert [node.id for node in inside.nodes] == ["a::b", "a::b::c", "a::b::c::d"]
    assert (len(inside.edges), inside.hidden_nodes) == (2, 3)
    assert chosen(whole, Choice(inside="nowhere")) == whole


def test_a_neighbourhood_may_follow_one_direction() -> None:
    whole = graph(("a", "b"), ("b", "c"), ("c", "d"), ("x", "c"))

    def around(steps: int, direction: str) -> list[str]:
        return [node.id for node in neighbourhood(whole, "b", steps, direction).nodes]

    assert around(1, USES) == ["b", "c"]
    assert around(2, USES) == ["b", "c", "d"]
    assert around(5, USED_BY) == ["a", "b"]
    assert around(2, AROUND) == ["a", "b", "c", "d", "x"]


def test_a_drawing_names_its_parts() -> None:
    whole = graph(("a", "b"), ("b", "a"), ("b", "b::c"))
    drawn = draw(whole, title="Modules", circles=cycles(whole))
    root = ElementTree.fromstring(drawn)
    assert root.get("viewBox")
    assert root.get("width") is None
    assert root[0].text == "Modules"
    nodes = {g.get("data-node"): g.get("class") for g in root.iter() if g.get("data-node")}
    assert nodes == {"a": "node module in-cycle", "b": "node module in-cycle", "b::c": "node module"}
    edges = [g for g in root.iter() if g.get("data-source")]
    assert {(g.get("data-source"), g.get("data-target")) for g in edges} == {
        ("a", "b"),
        ("b", "a"),
        ("b", "b::c"),
    }
    assert draw(whole, title="Modules", circles=cycles(whole)) == drawn


def test_a_graph_that_takes_too_long_says_so() -> None:
    names = [f"n{number}" for number in range(110)]
    dense = graph(*((one, other) for one in names for other in names if one != other))
    with pytest.raises(DrawingFailed, match="table"):
        draw(dense, timeout=0.3)
    assert draw(graph(("a", "b")))
