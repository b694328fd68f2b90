import json
import re
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rust_ai_ide.architecture.drawing import draw
from rust_ai_ide.architecture.exporting import to_dot, to_json, to_mermaid
from rust_ai_ide.architecture.graph import Edge, Graph, Node, Place
from rust_ai_ide.architecture.layout import lay_out

HOSTILE = [
    '"]; evil [URL="javascript:alert(1)"]; x ["', "<b>bold</b>", "<<b>html</b>>", "\\N \\G \\E",
    "<script>alert(1)</script>",
    "]]><script>", "&lt;&#60;", "a\nb\r\x1b[0m", "\udce9", "\ufffe", "%s {0} ${x}", "\u202egnp",
    "x" * 5000, "", "n0", "graph",
]  # fmt: skip
ALLOWED = {"svg", "g", "title", "path", "polygon", "polyline", "ellipse", "text"}


def check(drawn: str) -> None:
    root = ElementTree.fromstring(drawn)
    for element in root.iter():
        assert element.tag.partition("}")[2] in ALLOWED
        for name in element.attrib:
            assert name != "style"
            assert not name.startswith("on")
            assert "href" not in name
    for banned in ("<script", "<a ", "<!", "<?"):
        assert banned not in drawn


@pytest.mark.parametrize("text", HOSTILE)
def test_names_from_files_stay_text(text: str) -> None:
    nodes = (Node("one", text, "crate", "x"), Node(text, "b", "external", text))
    whole = Graph(nodes, (Edge("one", text, "use", "resolved", False, 1, (Place("a.rs", 1),)),))
    drawn = draw(whole, title=text)
    check(drawn)
    assert len([g for g in ElementTree.fromstring(drawn).iter() if g.get("data-node") is not None]) == 2
    lay_out(to_dot(whole))
    assert json.loads(to_json(whole))["nodes"][0]["label"] == text
    assert re.fullmatch(r"(flowchart LR\n)(  n\d+\[\"[^\"<>]*\"\]\n){2}  n0 --> n1\n", to_mermaid(whole))


@settings(max_examples=25, deadline=None)
@given(st.text(max_size=30))
def test_any_label_can_be_drawn(text: str) -> None:
    check(draw(Graph((Node("a", text, "crate", "a"),), ())))


def test_escapes_of_the_graph_language_mean_nothing() -> None:
    drawn = draw(Graph((Node("secret-id", r"\N \G \l", "crate", "a"),), ()))
    texts = [
        element.text for element in ElementTree.fromstring(drawn).iter() if element.tag.endswith("}text")
    ]
    assert texts == [r"\N \G \l"]
