"""What is taken from a folder of crates, and how it is split."""

import json

import pytest

from rust_ai_ide.training.corpus import CorpusUnusable, is_held_out, read_corpus, read_crate
from tests.training.rust import crate, crates, rust


def test_crates_without_a_permissive_licence_are_left_out(tmp_path):
    crates(tmp_path, 3)
    crate(tmp_path, "strict", {"src/lib.rs": rust(9000)}, licence="GPL-3.0")
    crate(tmp_path, "made-sys", {"src/lib.rs": rust(9001)})
    corpus = read_corpus(tmp_path)
    assert {one.name for one in corpus.crates} == {"made-0", "made-1", "made-2"}
    assert corpus.dropped["licence"] == 1
    assert corpus.dropped["bindings"] == 1


def test_each_text_is_taken_once_and_lines_end_alike(tmp_path):
    crate(tmp_path, "left", {"src/lib.rs": rust(1), "src/windows.rs": rust(2).replace("\n", "\r\n")})
    crate(tmp_path, "right", {"src/copy.rs": rust(1), "src/other.rs": rust(3)})
    corpus = read_corpus(tmp_path)
    texts = sorted(file.text for file in (*corpus.training, *corpus.validation))
    assert texts == sorted([rust(1), rust(2), rust(3)])
    assert corpus.dropped["the same"] == 1


def test_no_crate_is_on_both_sides(tmp_path):
    corpus = read_corpus(crates(tmp_path, 60, files=1))
    training, validation = ({file.crate for file in side} for side in (corpus.training, corpus.validation))
    assert training
    assert validation
    assert not training & validation
    assert all(map(is_held_out, validation))


def test_the_split_follows_the_name_alone():
    held_out = [f"crate-{number}" for number in range(2000) if is_held_out(f"crate-{number}")]
    assert 60 < len(held_out) < 140
    assert is_held_out("crate_1") == is_held_out("crate-1")


def test_the_licences_are_written_down(tmp_path):
    crate(tmp_path / "crates", "left", {"src/a.rs": rust(1), "src/b.rs": rust(2)}, licence="MIT OR GPL-2.0")
    read_corpus(tmp_path / "crates").write_licences(tmp_path)
    written = json.loads((tmp_path / "licences.json").read_text())
    assert written == [{"name": "left", "version": "1.0.0", "licence": "MIT OR GPL-2.0"}]


@pytest.mark.parametrize(
    "text", ["", "[package]\n", "[workspace]\n", "package = 1\n", "not = [toml", "[package]\nname"]
)
def test_a_manifest_that_says_nothing_is_no_crate(tmp_path, text):
    (tmp_path / "Cargo.toml").write_text(text)
    assert read_crate(tmp_path / "Cargo.toml") is None


def test_links_are_not_followed(tmp_path):
    place = crate(tmp_path, "left", {"src/a.rs": rust(1), "src/b.rs": rust(2)})
    (place / "src/link.rs").symlink_to("/etc/passwd")
    corpus = read_corpus(tmp_path)
    assert {file.path for file in (*corpus.training, *corpus.validation)} == {"src/a.rs", "src/b.rs"}


def test_an_empty_or_missing_folder_is_told(tmp_path):
    with pytest.raises(CorpusUnusable, match="no Rust file"):
        read_corpus(tmp_path)
    with pytest.raises(CorpusUnusable, match="cannot be read"):
        read_corpus(tmp_path / "missing")
