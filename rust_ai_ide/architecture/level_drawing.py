"""Draws levels as SVG: boxes in rows, and over them only the edges that point up."""

from collections.abc import Sequence
from dataclasses import dataclass
from xml.etree import ElementTree

from rust_ai_ide.architecture.drawing import SVG, drawable, mark_edge, mark_node, node_classes
from rust_ai_ide.architecture.exporting import label_of
from rust_ai_ide.architecture.graph import Edge, Node
from rust_ai_ide.architecture.levels import LevelMap

# In the units of the drawing, which are pixels at its natural size.
_LETTER, _PADDING, _BOX = 6.6, 10.0, 22.0
_GUTTER, _LINE, _GAP = 40.0, 1080.0, 8.0
_BETWEEN = 30.0
_HEAD = 5.0


@dataclass(frozen=True, slots=True)
class _Box:
    node: Node
    x: float
    y: float
    width: float

    @property
    def middle(self) -> float:
        return self.x + self.width / 2


def draw_levels(levels: LevelMap, *, title: str = "Levels") -> str:
    """Return levels as an SVG element whose nodes and edges are marked like those of `draw`."""
    drawing = ElementTree.Element(f"{{{SVG}}}svg", {"class": "architecture-graph levels", "role": "img"})
    _child(drawing, "title").text = drawable(title)
    boxes: dict[str, _Box] = {}
    top = 0.0
    for number, level in enumerate(levels.levels):
        bottom = _place(level, top, boxes)
        name = _child(drawing, "text", {"class": "level", "x": "0", "y": _number(top + _BOX / 2 + 4)})
        name.text = str(len(levels.levels) - number)
        if number:
            rule = top - _BETWEEN / 2
            _child(drawing, "path", {"class": "rule", "d": f"M0,{_number(rule)} H{_number(_LINE)}"})
        top = bottom + _BETWEEN
    for box in boxes.values():
        _draw_box(drawing, box, box.node.id in levels.entangled)
    for edge in levels.feedback:
        _draw_edge(drawing, edge, boxes[edge.source], boxes[edge.target])
    drawing.set("viewBox", f"-8 -12 {_number(_LINE + 16)} {_number(max(top - _BETWEEN, 0) + 24)}")
    ElementTree.register_namespace("", SVG)
    return ElementTree.tostring(drawing, encoding="unicode")


def _place(level: Sequence[Node], top: float, boxes: dict[str, _Box]) -> float:
    """Place the boxes of a level in lines, and return where it ends."""
    x, y = _GUTTER, top
    for node in level:
        width = len(label_of(node)) * _LETTER + 2 * _PADDING
        if x > _GUTTER and x + width > _LINE:
            x, y = _GUTTER, y + _BOX + _GAP
        boxes[node.id] = _Box(node, x, y, width)
        x += width + _GAP
    return y + _BOX


def _draw_box(drawing: ElementTree.Element, box: _Box, in_cycle: bool) -> None:
    group = _child(drawing, "g", {"class": f"node {node_classes(box.node, in_cycle)}"})
    mark_node(group, box.node)
    left, right, low = box.x, box.x + box.width, box.y + _BOX
    corners = ((left, box.y), (right, box.y), (right, low), (left, low))
    points = " ".join(f"{_number(x)},{_number(y)}" for x, y in corners)
    _child(group, "polygon", {"points": points})
    at = {"x": _number(box.middle), "y": _number(box.y + _BOX / 2 + 4), "text-anchor": "middle"}
    _child(group, "text", at).text = drawable(label_of(box.node))


def _draw_edge(drawing: ElementTree.Element, edge: Edge, source: _Box, target: _Box) -> None:
    group = _child(drawing, "g", {"class": f"edge {edge.kind} {edge.certainty} in-cycle"})
    mark_edge(group, edge)
    end = target.y + _BOX + _HEAD
    bend = max(24.0, (source.y - end) / 3)
    start, tip = f"{_number(source.middle)},{_number(source.y)}", f"{_number(target.middle)},{_number(end)}"
    bends = (
        f"{_number(source.middle)},{_number(source.y - bend)} {_number(target.middle)},{_number(end + bend)}"
    )
    _child(group, "path", {"d": f"M{start} C{bends} {tip}"})
    wings = ((-_HEAD / 2, _HEAD), (_HEAD / 2, _HEAD), (0.0, 0.0))
    points = " ".join(f"{_number(target.middle + x)},{_number(end - _HEAD + y)}" for x, y in wings)
    _child(group, "polygon", {"points": points})


def _child(
    parent: ElementTree.Element, tag: str, attributes: dict[str, str] | None = None
) -> ElementTree.Element:
    return ElementTree.SubElement(parent, f"{{{SVG}}}{tag}", attributes or {})


def _number(value: float) -> str:
    return f"{value:.1f}"
