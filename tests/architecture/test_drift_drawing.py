"""The drawing of what came and what went."""

from xml.etree import ElementTree

from rust_ai_ide.architecture.drift import drift
from rust_ai_ide.architecture.drift_drawing import draw_drift
from rust_ai_ide.architecture.sources import architecture_of_files

MANIFEST = b'[package]\nname = "shop"\nversion = "0.1.0"\nedition = "2021"\n'


def files(**modules: str) -> dict[str, bytes]:
    lib = "".join(f"mod {name};\n" for name in modules).encode()
    return {
        "Cargo.toml": MANIFEST,
        "src/lib.rs": lib,
        **{f"src/{name}.rs": text.encode() for name, text in modules.items()},
    }


BEFORE = architecture_of_files(
    files(
        cart="use crate::price::Price;\npub struct Cart;\n",
        price="use crate::old::Old;\npub struct Price;\n",
        old="pub struct Old;\n",
    )
)
AFTER = architecture_of_files(
    files(
        cart="use crate::price::Price;\nuse crate::late::Late;\npub struct Cart;\n",
        price="use crate::cart::Cart;\npub struct Price;\n",
        late="pub struct Late;\n",
    )
)


def classes(drawing: str) -> dict[str | tuple[str, str], set[str]]:
    found: dict[str | tuple[str, str], set[str]] = {}
    for group in ElementTree.fromstring(drawing).iter():  # noqa: S314 - our own
        node, source, target = (group.get(f"data-{name}") for name in ("node", "source", "target"))
        words = set(group.get("class", "").split()) & {"came", "went", "tangled", "changed"}
        if node:
            found[node] = words
        elif source and target:
            found[source, target] = words
    return found


def test_what_came_went_and_got_tangled_is_marked() -> None:
    found = drift(BEFORE, AFTER)
    assert [cycle.nodes for cycle in found.tangles] == [("shop::cart", "shop::price")]
    assert classes(draw_drift(found, BEFORE.module_graph, AFTER.module_graph).svg) == {
        "shop::cart": set(),
        "shop::price": set(),
        "shop::old": {"went"},
        "shop::late": {"came"},
        ("shop::cart", "shop::late"): {"came"},
        ("shop::price", "shop::old"): {"went"},
        ("shop::cart", "shop::price"): {"tangled"},
        ("shop::price", "shop::cart"): {"tangled"},
    }


def test_what_folds_together_has_changed() -> None:
    drawing = draw_drift(drift(BEFORE, AFTER), BEFORE.module_graph, AFTER.module_graph, limit=2)
    assert "changed" in set().union(*classes(drawing.svg).values())
    assert (len(drawing.shown.nodes), drawing.shown.hidden_nodes) == (2, 2)
