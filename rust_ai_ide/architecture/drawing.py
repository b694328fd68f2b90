"""Draws a graph as SVG that is safe to put into a page."""

import re
from collections.abc import Collection, Mapping
from functools import cache
from xml.etree import ElementTree

from rust_ai_ide.architecture.exporting import dot_text, label_of
from rust_ai_ide.architecture.graph import MOST_VISIBLE, Cycle, Edge, Graph, Node, collapse
from rust_ai_ide.architecture.heat import Heat
from rust_ai_ide.architecture.layout import lay_out, prepare
from rust_ai_ide.errors import RustAiIdeError
from rust_ai_ide.source.isolation import IsolatedWorker, WorkFailed

LAYOUT_SECONDS = 5.0
_MEMORY = 1024 * 1024 * 1024
SVG = "http://www.w3.org/2000/svg"
_EASY_EDGES = 150
# Bounds that keep dot from polishing a busy graph for minutes.
_HURRY = "nslimit=1; nslimit1=1; mclimit=0.2; splines=line;"
_SHAPES = {
    "g": {"id", "class", "transform"},
    "path": {"d"},
    "polygon": {"points"},
    "polyline": {"points"},
    "ellipse": {"cx", "cy", "rx", "ry"},
    "text": {"x", "y", "text-anchor", "font-size"},
    "title": set(),
}
_PLAIN_VALUE = re.compile(r"[A-Za-z0-9 .,()_-]*")


class DrawingFailed(RustAiIdeError):
    """The graph could not be drawn; the page shows the table instead."""


@cache
def _worker() -> IsolatedWorker:
    return IsolatedWorker(size=2, memory=_MEMORY, prepare=prepare)


def draw(
    graph: Graph,
    *,
    title: str = "Architecture",
    circles: Collection[Cycle] = (),
    timeout: float = LAYOUT_SECONDS,
    limit: int = MOST_VISIBLE,
) -> str:
    """Return the graph as an SVG element, collapsed first where it has more than `limit` nodes.

    Nodes are `g.node` with `data-node`, edges `g.edge` with `data-source` and `data-target`; their other
    classes name the kind, and `in-cycle` those inside one of `circles`. There are no styles, scripts or
    links in it, and its size is the page's matter. Raises DrawingFailed after `timeout` seconds.
    """
    graph = collapse(graph, limit)
    try:
        raw = _worker().call(lay_out, _dot(graph, circles), timeout=timeout)
    except WorkFailed as error:
        raise DrawingFailed(
            f"This graph is too dense to draw in {timeout:g} seconds; use the table or choose a smaller part."
        ) from error
    return _safe(raw, graph, title)


def _dot(graph: Graph, circles: Collection[Cycle]) -> str:
    # Names of our own keep whatever the code says out of everything but labels.
    numbers = {node.id: number for number, node in enumerate(graph.nodes)}
    circle_of = {name: number for number, cycle in enumerate(circles) for name in cycle.nodes}
    lines = [
        "digraph architecture {",
        'rankdir=LR; bgcolor=transparent; nodesep=0.2; ranksep=0.5; fontname="sans-serif";',
        _HURRY if len(graph.edges) > _EASY_EDGES else "",
        'node [shape=box, fontname="sans-serif", fontsize=13, margin="0.12,0.06", height=0.3];',
        "edge [arrowsize=0.6];",
    ]
    for node in graph.nodes:
        number = numbers[node.id]
        classes = node_classes(node, node.id in circle_of)
        lines.append(f'n{number} [id="n{number}", class="{classes}", label={dot_text(label_of(node))}];')
    for number, edge in enumerate(graph.edges):
        source = circle_of.get(edge.source)
        is_circle = source is not None and source == circle_of.get(edge.target) and not edge.is_test
        classes = _edge_classes(edge, is_circle)
        lines.append(
            f'n{numbers[edge.source]} -> n{numbers[edge.target]} [id="e{number}", class="{classes}"];'
        )
    return "\n".join([*lines, "}"])


def node_classes(node: Node, in_cycle: bool) -> str:
    """Return the classes of a node in a drawing."""
    return " ".join([node.kind, *(["test"] if node.is_test else []), *(["in-cycle"] if in_cycle else [])])


def _edge_classes(edge: Edge, in_cycle: bool) -> str:
    extra = [*(["test"] if edge.is_test else []), *(["in-cycle"] if in_cycle else [])]
    return " ".join([edge.kind, edge.certainty, *extra])


def _safe(raw: str, graph: Graph, title: str) -> str:
    """Build the drawing anew from the few elements and attributes that a drawing needs."""
    ElementTree.register_namespace("", SVG)
    # Graphviz wrote this; its document type is of no use and the only thing a parser might follow.
    root = ElementTree.fromstring(re.sub(r"<!DOCTYPE[^>]*>", "", raw, count=1))  # noqa: S314
    drawing = ElementTree.Element(f"{{{SVG}}}svg", {"class": "architecture-graph", "role": "img"})
    view = root.get("viewBox", "")
    if _PLAIN_VALUE.fullmatch(view):
        drawing.set("viewBox", view)
    heading = ElementTree.SubElement(drawing, f"{{{SVG}}}title")
    heading.text = drawable(title)
    for child in root:
        # One group holds everything; its title is the name we gave the graph.
        _copy(child, drawing, graph)
    return ElementTree.tostring(drawing, encoding="unicode")


def _copy(element: ElementTree.Element, into: ElementTree.Element, graph: Graph) -> None:
    kind = element.tag.removeprefix(f"{{{SVG}}}")
    allowed = _SHAPES.get(kind)
    if allowed is None:
        return
    attributes = {
        name: value
        for name, value in element.attrib.items()
        if name in allowed and _PLAIN_VALUE.fullmatch(value)
    }
    copy = ElementTree.SubElement(into, f"{{{SVG}}}{kind}", attributes)
    if kind in ("text", "title"):
        copy.text = drawable(element.text or "")
    name = attributes.get("id", "")
    if re.fullmatch(r"n\d+", name):
        mark_node(copy, graph.nodes[int(name[1:])])
    elif re.fullmatch(r"e\d+", name):
        mark_edge(copy, graph.edges[int(name[1:])])
    if kind == "g":
        for child in element:
            if not child.tag.endswith("}title"):
                _copy(child, copy, graph)


def mark_node(group: ElementTree.Element, node: Node) -> None:
    """Say of a part of a drawing which node it is."""
    group.set("data-node", drawable(node.id))
    ElementTree.SubElement(group, f"{{{SVG}}}title").text = drawable(node.id)


def mark_edge(group: ElementTree.Element, edge: Edge) -> None:
    """Say of a part of a drawing which edge it is."""
    group.set("data-source", drawable(edge.source))
    group.set("data-target", drawable(edge.target))
    uses = "1 use" if edge.count == 1 else f"{edge.count} uses"
    ElementTree.SubElement(group, f"{{{SVG}}}title").text = drawable(
        f"{edge.source} → {edge.target} ({uses})"
    )


def shaded(drawing: str, heat: Heat, what: str) -> str:
    """Return a drawing whose nodes say by their title what their heat is, and by a class which step it is."""
    root = ElementTree.fromstring(drawing)  # noqa: S314 - our own
    for group in root.iter(f"{{{SVG}}}g"):
        name = group.get("data-node")
        if name is None or name not in heat.values:
            continue
        if step := heat.step(name):
            group.set("class", f"{group.get('class')} step-{step}")
        title = group.find(f"{{{SVG}}}title")
        if title is not None:
            title.text = f"{title.text} ({what}: {heat.values[name]:,})"
    ElementTree.register_namespace("", SVG)
    return ElementTree.tostring(root, encoding="unicode")


def marked(drawing: str, nodes: Mapping[str, str], edges: Mapping[tuple[str, str], str]) -> str:
    """Return a drawing with more words for nodes and edges, each as a class and in the title."""
    root = ElementTree.fromstring(drawing)  # noqa: S314 - our own
    for group in root.iter(f"{{{SVG}}}g"):
        ends = group.get("data-source", ""), group.get("data-target", "")
        word = nodes.get(group.get("data-node", "")) or edges.get(ends)
        title = group.find(f"{{{SVG}}}title")
        if word and title is not None:
            group.set("class", f"{group.get('class')} {word}")
            title.text = f"{title.text} ({word})"
    ElementTree.register_namespace("", SVG)
    return ElementTree.tostring(root, encoding="unicode")


def drawable(text: str) -> str:
    """Return a text without the characters that XML cannot hold at all."""
    return re.sub(r"[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "�", text)
