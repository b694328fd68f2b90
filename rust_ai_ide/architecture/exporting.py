"""A graph as DOT, JSON or Mermaid text."""

import json
import re

from rust_ai_ide.architecture.graph import Edge, Graph, Node, Place

# What XML cannot hold, or what moves the rest of a line about; lone surrogates are bytes that are not text.
_UNDRAWABLE = re.compile(
    r"[^\x20-\x7e\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|[\u200e\u200f\u202a-\u202e\u2066-\u2069]"
)
_LONGEST_LABEL = 60


def to_dot(graph: Graph) -> str:
    """Return the graph in Graphviz's language, nodes named by their ids."""
    lines = ["digraph architecture {", "  rankdir=LR;", "  node [shape=box];"]
    lines += [f"  {dot_text(node.id)} [label={dot_text(label_of(node))}];" for node in graph.nodes]
    for edge in graph.edges:
        style = " [style=dashed]" if edge.is_test else ""
        lines.append(f"  {dot_text(edge.source)} -> {dot_text(edge.target)}{style};")
    return "\n".join([*lines, "}", ""])


def dot_text(text: str) -> str:
    r"""Return a string literal of the language: never HTML, and no escape such as \N means anything in it."""
    return '"' + _plain(text).replace("\\", "\\\\").replace('"', '\\"') + '"'


def label_of(node: Node) -> str:
    """Return the label of a node, without what cannot be drawn and cut to a length that can."""
    label = _plain(f"{node.label} ({node.size})" if node.size > 1 else node.label)
    return label if len(label) <= _LONGEST_LABEL else label[: _LONGEST_LABEL - 1] + "…"


def to_json(graph: Graph) -> str:
    """Return the graph as JSON, with the places of each edge."""
    whole = {
        "nodes": [_node(node) for node in graph.nodes],
        "edges": [edge_document(edge) for edge in graph.edges],
        "hidden_nodes": graph.hidden_nodes,
        "hidden_edges": graph.hidden_edges,
    }
    return json.dumps(whole, indent=1) + "\n"


def edge_document(edge: Edge) -> dict[str, object]:
    """Return an edge as all JSON has it: its ends, how, how often, the first place, and up to 20 of all."""
    return {
        "from": edge.source,
        "to": edge.target,
        "kind": edge.kind,
        **_at(edge.places[0] if edge.places else None),
        "certainty": edge.certainty,
        "is_test": edge.is_test,
        "count": edge.count,
        "places": [_at(place) for place in edge.places],
    }


def _node(node: Node) -> dict[str, object]:
    return {
        "id": node.id,
        "label": node.label,
        "kind": node.kind,
        "crate": node.crate,
        "parent": node.parent,
        **_at(node.place),
        "is_test": node.is_test,
        "size": node.size,
    }


def _at(place: Place | None) -> dict[str, object]:
    return {"file": place and place.file, "line": place and place.line}


def to_mermaid(graph: Graph) -> str:
    """Return the graph as a Mermaid flowchart."""
    numbers = {node.id: f"n{number}" for number, node in enumerate(graph.nodes)}
    lines = ["flowchart LR"]
    lines += [f'  {numbers[node.id]}["{_mermaid_text(label_of(node))}"]' for node in graph.nodes]
    for edge in graph.edges:
        arrow = "-.->" if edge.is_test else "-->"
        lines.append(f"  {numbers[edge.source]} {arrow} {numbers[edge.target]}")
    return "\n".join([*lines, ""])


def _mermaid_text(text: str) -> str:
    # Mermaid reads entities with a hash; quotes and angle brackets would end or mark the text up.
    kept = []
    for character in _plain(text):
        is_plain = character.isalnum() or character in " _-:.,…/()"
        kept.append(character if is_plain else f"#{ord(character)};")
    return "".join(kept)


def _plain(text: str) -> str:
    return _UNDRAWABLE.sub("\N{REPLACEMENT CHARACTER}", text)
