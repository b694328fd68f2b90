"""The generated document: made anew without losing a word that somebody wrote."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rust_ai_ide.architecture.document.keeping import DocumentDamaged, WrittenInside, renewed, without_marks
from rust_ai_ide.architecture.document.page import to_html
from rust_ai_ide.architecture.document.summaries import first_sentence
from rust_ai_ide.architecture.document.writing import describe, make_document

FILES = {
    "Cargo.toml": '[package]\nname = "shop"\nedition = "2021"\n',
    ".rust-ai-ide.toml": '[architecture]\ncycles = "forbid"\nlayers = ["shop::ui", "shop::domain"]\n',
    "src/lib.rs": "//! Sells *things*. And more.\nmod ui; mod domain; mod store;",
    "src/ui.rs": "// a licence\n\n//! Pages\n//! of the shop.\nuse crate::domain::Order;",
    "src/domain.rs": "use crate::store::Disk; pub struct Order; pub trait Kept {}",
    "src/store.rs": "use crate::domain::Kept; pub struct Disk;",
    "examples/one.rs": "fn main() {}",
    "docs/decisions/0001-use-files.md": "---\nstatus: accepted\ndate: 2026-01-02\n---\n# Use files\n",
}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for path, text in FILES.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    return tmp_path


def made(project: Path, **settings: bool) -> str:
    document = project / "docs" / "architecture.md"
    text = make_document(describe(project, document), "Shop", document, **settings).text
    document.write_text(text)
    return text


def test_it_tells_what_there_is(project: Path) -> None:
    text = made(project)
    assert "1 crate with 4 modules, and 0 crates from outside." in text
    assert "Left out below: 1 example." in text
    assert "| `shop` | Sells \\*things\\*. |" in text
    assert "| `shop::ui` | Pages of the shop. |" in text
    assert "2 nodes that all reach each other" in text
    assert "1. `shop::ui`" in text
    assert "2 uses stand against them." in text
    assert "- [0001 Use files](<decisions/0001-use-files.md>) (accepted, 2026-01-02)" in text


def test_made_again_nothing_changes_and_what_was_written_around_stays(project: Path) -> None:
    first = made(project)
    document = project / "docs" / "architecture.md"
    assert make_document(describe(project, document), "Shop", document).changed == ()
    begin, end = "<!-- rust-ai-ide:begin map ", "<!-- rust-ai-ide:end map -->"
    written = first.replace(begin, f"Mine above.\n\n{begin}").replace(end, f"{end}\n\nMine below.\n")
    document.write_text(written)
    (project / "src" / "late.rs").write_text("")
    (project / "src" / "lib.rs").write_text(FILES["src/lib.rs"] + " mod late;")
    kept = make_document(describe(project, document), "Other title", document)
    assert "Mine above.\n\n<!-- rust-ai-ide:begin map " in kept.text
    assert f"{end}\n\nMine below.\n" in kept.text
    assert set(kept.changed) == {"overview", "map", "modules", "uses"}
    assert kept.text.startswith("# Shop\n")


def test_what_was_written_inside_is_not_lost_unasked(project: Path) -> None:
    document = project / "docs" / "architecture.md"
    document.write_text(made(project).replace("## Overview\n", "## Overview\n\nMine inside.\n"))
    with pytest.raises(WrittenInside, match="generated part overview.*Nothing was changed"):
        make_document(describe(project, document), "Shop", document)
    assert "Mine inside." in document.read_text()
    assert "Mine inside." not in made(project, overwrite=True)


def test_a_part_that_is_not_wanted_stays_out(project: Path) -> None:
    document = project / "docs" / "architecture.md"
    document.parent.mkdir(exist_ok=True)
    document.write_text("# Ours\n\n<!-- rust-ai-ide:without coupling -->\n")
    text = made(project)
    assert "## Coupling" not in text
    assert text.startswith("# Ours\n")
    assert "rust-ai-ide" not in without_marks(text)


words = st.text(st.sampled_from("ab #\n*"), max_size=20)


@given(st.lists(st.tuples(words, words), min_size=1, max_size=3), words, st.booleans())
def test_every_word_between_the_parts_is_kept(
    parts: list[tuple[str, str]], after: str, overwrite: bool
) -> None:
    names = ["one", "two", "three"][: len(parts)]
    document = renewed("", {name: f"{old}\n" for name, (old, _) in zip(names, parts, strict=True)}).text
    document = f"{after}\n{document}\n{after}"
    fresh = {name: f"{new}\n" for name, (_, new) in zip(names, parts, strict=True)}
    again = renewed(document, fresh, overwrite=overwrite)
    assert again.text.startswith(f"{after}\n")
    assert again.text.endswith(f"\n{after}")
    assert renewed(again.text, fresh).changed == ()
    assert set(again.changed) == {name for name, (old, new) in zip(names, parts, strict=True) if old != new}


@pytest.mark.parametrize(
    "damage",
    [
        lambda text: text.replace("<!-- rust-ai-ide:end map -->", ""),
        lambda text: text.replace("<!-- rust-ai-ide:begin map", "<!-- begin map"),
        lambda text: text + text,
    ],
)
def test_marks_that_do_not_fit_together_are_told(project: Path, damage: object) -> None:
    document = project / "docs" / "architecture.md"
    document.write_text(damage(made(project)))
    with pytest.raises(DocumentDamaged):
        make_document(describe(project, document), "Shop", document, overwrite=True)


def test_the_page_has_the_drawing_and_no_markup_of_others(project: Path) -> None:
    document = project / "docs" / "architecture.md"
    document.write_text(made(project) + "\n<script>alert(1)</script>\n\n```mermaid\nmine\n```\n")
    described = describe(project, document)
    page = to_html(document.read_text(), described.structure.model, "<Shop>")
    assert page.count("<svg") == 1
    assert "<script" not in page
    assert "<title>&lt;Shop&gt;</title>" in page
    assert "mine\n</code>" in page
    assert "rust-ai-ide:begin" not in page
    assert "http" not in page.replace("http://www.w3.org/2000/svg", "")


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        (b"//! One thing. Another.\n", "One thing."),
        (b"\xef\xbb\xbf// (c)\n#![no_std]\n\n//! # Heading\n//!\n//! Two\n//! lines\n//!\n//! More.\n", "Two lines"),
        (b"fn a() {}\n//! too late\n", ""),
        (b"", ""),
        (b"//! " + b"long " * 100, "long " * 39 + "long…"),
    ],
)  # fmt: skip
def test_a_module_speaks_for_itself(source: bytes, sentence: str) -> None:
    assert first_sentence(source) == sentence
