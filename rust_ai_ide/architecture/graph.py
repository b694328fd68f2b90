"""Graphs of crates or modules, their cycles, and smaller graphs that stand for them."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

MOST_VISIBLE = 120
MOST_PLACES = 20


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the source something is said; `line` counts from 1."""

    file: str
    line: int


@dataclass(frozen=True, slots=True)
class Node:
    """A crate, module, external crate or, in a collapsed graph, a folder of `size` modules.

    `parent` is the id of the module around it; `place` is where it begins, None for what lies outside.
    """

    id: str
    label: str
    kind: str
    crate: str
    parent: str | None = None
    place: Place | None = None
    is_test: bool = False
    size: int = 1


@dataclass(frozen=True, slots=True)
class Edge:
    """`source` uses `target`, at `count` places of which the first 20 are kept.

    `kind` is the strongest way: reexport, use, path, extern or manifest. `certainty` is resolved, via-glob,
    in-macro, cfg-unknown or presumed. Test edges come from test code only.
    """

    source: str
    target: str
    kind: str
    certainty: str
    is_test: bool
    count: int
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class Graph:
    """Nodes and edges, ordered by id; what a smaller graph does not show is counted."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    hidden_nodes: int = 0
    hidden_edges: int = 0


@dataclass(frozen=True, slots=True)
class Cycle:
    """Nodes that all reach each other, with every edge between them."""

    nodes: tuple[str, ...]
    edges: tuple[Edge, ...]


def cycles(graph: Graph) -> tuple[Cycle, ...]:
    """Return the groups of nodes that depend on each other, the largest first; test code does not count.

    The result depends on the graph alone, not on any order.
    """
    import rustworkx

    edges = [edge for edge in graph.edges if not edge.is_test]
    names = sorted({node.id for node in graph.nodes})
    numbers = {name: number for number, name in enumerate(names)}
    directed: rustworkx.PyDiGraph[str, None] = rustworkx.PyDiGraph()
    directed.add_nodes_from(names)
    directed.add_edges_from_no_data([(numbers[edge.source], numbers[edge.target]) for edge in edges])
    group_of: dict[str, int] = {}
    groups: list[tuple[str, ...]] = []
    for component in rustworkx.strongly_connected_components(directed):
        if len(component) > 1:
            members = tuple(sorted(names[number] for number in component))
            group_of.update(dict.fromkeys(members, len(groups)))
            groups.append(members)
    inside: dict[int, list[Edge]] = defaultdict(list)
    for edge in edges:
        group = group_of.get(edge.source)
        if group is not None and group == group_of.get(edge.target):
            inside[group].append(edge)
    found = [
        Cycle(members, tuple(sorted(inside[group], key=lambda edge: (edge.source, edge.target))))
        for group, members in enumerate(groups)
    ]
    return tuple(sorted(found, key=lambda cycle: (-len(cycle.nodes), cycle.nodes)))


def merged(edges: Iterable[Edge]) -> tuple[Edge, ...]:
    """Return one edge for each pair of nodes, ordered by id."""
    groups: dict[tuple[str, str], list[Edge]] = defaultdict(list)
    for edge in edges:
        groups[(edge.source, edge.target)].append(edge)
    return tuple(_merge(groups[pair]) for pair in sorted(groups))


def _merge(edges: list[Edge]) -> Edge:
    if len(edges) == 1:
        return edges[0]
    # What production code says in the clearest way stands for the rest.
    best = min(
        edges, key=lambda edge: (edge.is_test, _rank(edge.certainty, CERTAINTIES), _rank(edge.kind, KINDS))
    )
    places = sorted({place for edge in edges for place in edge.places}, key=lambda p: (p.file, p.line))
    return replace(best, count=sum(edge.count for edge in edges), places=tuple(places[:MOST_PLACES]))


KINDS = ("reexport", "use", "path", "extern", "manifest")
CERTAINTIES = ("resolved", "via-glob", "in-macro", "cfg-unknown", "presumed")


def _rank(value: str, order: tuple[str, ...]) -> int:
    return order.index(value)


def without(graph: Graph, unwanted: Callable[[Node], bool]) -> Graph:
    """Return the graph without some nodes and their edges, which count as hidden."""
    nodes = tuple(node for node in graph.nodes if not unwanted(node))
    kept = {node.id for node in nodes}
    edges = tuple(edge for edge in graph.edges if edge.source in kept and edge.target in kept)
    return Graph(
        nodes,
        edges,
        graph.hidden_nodes + len(graph.nodes) - len(nodes),
        graph.hidden_edges + len(graph.edges) - len(edges),
    )


AROUND, USES, USED_BY = "around", "uses", "used-by"
DIRECTIONS = (AROUND, USES, USED_BY)


def neighbourhood(graph: Graph, center: str, steps: int = 1, direction: str = AROUND) -> Graph:
    """Return a node and all that is within so many edges of it.

    The edges count whichever way they point, or only along `USES` (what the node reaches) or against them by
    `USED_BY` (what reaches it). All edges between the nodes that are found are kept.
    """
    beside: dict[str, set[str]] = defaultdict(set)
    for edge in graph.edges:
        if direction != USED_BY:
            beside[edge.source].add(edge.target)
        if direction != USES:
            beside[edge.target].add(edge.source)
    seen, rim = {center}, {center}
    for _ in range(steps):
        rim = {other for name in rim for other in beside[name]} - seen
        seen |= rim
    return without(graph, lambda node: node.id not in seen)


def collapse(graph: Graph, limit: int = MOST_VISIBLE) -> Graph:
    """Return a graph of at most `limit` nodes that stands for a larger one.

    Modules fold into those around them, the deepest level first, then into their crates; where even the
    crates are too many, the least connected ones become one node.
    """
    if len(graph.nodes) <= limit:
        return graph
    parents = {node.id: node.parent for node in graph.nodes}
    depths = {name: _depth(name, parents) for name in parents}
    for deepest in range(max(depths.values()) - 1, -1, -1):
        if sum(depth <= deepest for depth in depths.values()) <= limit:
            return folded(graph, ancestors_at(graph, deepest))
    tops = ancestors_at(graph, 0)
    degrees: dict[str, int] = defaultdict(int)
    for edge in graph.edges:
        degrees[tops[edge.source]] += edge.count
        degrees[tops[edge.target]] += edge.count
    shown = set(sorted(set(tops.values()), key=lambda name: (-degrees[name], name))[: limit - 1])
    return folded(graph, {name: top if top in shown else OTHERS for name, top in tops.items()})


OTHERS = "others"


def ancestors_at(graph: Graph, deepest: int) -> dict[str, str]:
    """Return for each node the one around it that lies at most so deep; 0 is the depth of what lies in nothing."""
    parents = {node.id: node.parent for node in graph.nodes}
    depths = {name: _depth(name, parents) for name in parents}
    return {name: _ancestor(name, parents, depths, deepest) for name in parents}


def representatives(whole: Graph, shown: Graph) -> dict[str, str]:
    """Return by the id of each node the one that stands for it in a collapsed graph."""
    parents = {node.id: node.parent for node in whole.nodes}
    kept = {node.id for node in shown.nodes}
    found = {}
    for name in parents:
        at: str | None = name
        while at is not None and at not in kept:
            at = parents.get(at)
        found[name] = OTHERS if at is None else at
    return found


def _depth(name: str, parents: dict[str, str | None]) -> int:
    depth = 0
    above = parents[name]
    while above is not None and above in parents:
        depth, above = depth + 1, parents[above]
    return depth


def _ancestor(name: str, parents: dict[str, str | None], depths: dict[str, int], deepest: int) -> str:
    while depths[name] > deepest:
        above = parents[name]
        assert above is not None
        name = above
    return name


def folded(graph: Graph, target: Mapping[str, str]) -> Graph:
    """Return the graph with each node in the place of its target, which is a node, too, or OTHERS."""
    sizes: dict[str, int] = defaultdict(int)
    for node in graph.nodes:
        sizes[target[node.id]] += node.size
    nodes = [
        replace(node, size=sizes[node.id], kind="folder" if sizes[node.id] > node.size else node.kind)
        for node in graph.nodes
        if target[node.id] == node.id
    ]
    if OTHERS in sizes:
        nodes.append(Node(OTHERS, f"{sizes[OTHERS]} others", "folder", "", size=sizes[OTHERS]))
    edges = merged(
        replace(edge, source=target[edge.source], target=target[edge.target])
        for edge in graph.edges
        if target[edge.source] != target[edge.target]
    )
    return Graph(
        tuple(sorted(nodes, key=lambda node: node.id)),
        edges,
        graph.hidden_nodes + len(graph.nodes) - len(nodes),
        graph.hidden_edges + len(graph.edges) - len(edges),
    )
