"""The model that is shipped is whole, gives text back as it was, and knows a little Rust. Needs no PyTorch."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.strategies import characters

from rust_ai_ide.runtime.manifest import read_manifest, verify_files
from rust_ai_ide.training.measuring import Completer
from rust_ai_ide.training.tokeniser import CodeTokeniser
from tests.docs.reading import ROOT
from tests.training.rust import rust

STARTER = ROOT / "models" / "starter"
TOKENISER = CodeTokeniser(STARTER / "tokenizer.model")


@pytest.fixture(scope="module")
def completer():
    return Completer(STARTER)


def test_the_folder_is_what_its_manifest_says():
    manifest = read_manifest(STARTER)
    verify_files(STARTER, manifest)
    assert (manifest.id, manifest.licence, manifest.quantisation) == ("starter@2", "MIT", "int8")
    assert {path.name for path in STARTER.iterdir()} == {*manifest.files, "manifest.json"}


def test_it_stays_small():
    assert sum(path.stat().st_size for path in STARTER.iterdir()) <= 15_000_000


def test_the_card_names_the_data_and_the_figures():
    card = (STARTER / "README.md").read_text()
    assert "| Validation, bits per byte |" in card
    assert "**MIT OR Apache-2.0**: " in card


@settings(max_examples=200, deadline=None)
@given(st.text(characters(exclude_characters="\0▁", exclude_categories=["Cs"]), max_size=100))
def test_any_text_comes_back(text):
    assert TOKENISER.decode(TOKENISER.encode(text)) == text


def test_code_comes_back():
    assert TOKENISER.check_round_trip(rust(seed) for seed in range(20)) > 1000


@pytest.mark.parametrize(
    ("prefix", "suffix", "answer"),
    [
        (
            "use std::",
            "::HashMap;\n\nfn count() -> HashMap<String, u32> {\n    HashMap::new()\n}\n",
            "collections",
        ),
        ("match value {\n    Some(value) => value,\n    ", None, "None"),
    ],
)
def test_it_completes_a_line(completer, prefix, suffix, answer):
    assert completer.complete("", prefix, suffix).startswith(answer)
