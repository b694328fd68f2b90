"""The tokens of a dataset are counted by the tokeniser of a model."""

import pytest

from rust_ai_ide.runtime.errors import ModelNotFound
from rust_ai_ide.runtime.library import SHIPPED
from rust_ai_ide.runtime.manifest import read_manifest
from rust_ai_ide.training.datasets import tokens
from rust_ai_ide.training.datasets.card import read_card
from rust_ai_ide.training.datasets.curating import create_curated_dataset
from rust_ai_ide.training.datasets.preparing import prepare_dataset
from rust_ai_ide.training.datasets.reading import TRAINING, VALIDATION, read_rows
from rust_ai_ide.training.datasets.settings import CurationSettings, PreparationSettings, read_samples
from rust_ai_ide.training.fertility import fertility
from rust_ai_ide.training.tokeniser import CodeTokeniser
from tests.runtime.tiny import tiny_model
from tests.training.rust import crates

STARTER = SHIPPED / "starter"


@pytest.fixture
def code(tmp_path):
    return crates(tmp_path / "code", 4)


def prepare(place, code, **settings):
    return prepare_dataset(PreparationSettings((str(code),), place / "made", **settings))


def test_fertility_is_tokens_by_bytes_and_words():
    found = fertility(["fn a() {}", "ä b"], list)
    assert (found.tokens, found.size, found.words) == (12, 13, 5)
    assert str(found) == "0.923 a byte, 2.40 a word"


def test_the_shipped_tokeniser_counts_where_no_other_is_named(tmp_path, code):
    card = prepare(tmp_path, code)
    texts = [row.text for side in (TRAINING, VALIDATION) for row in read_rows(tmp_path / "made", side)]
    encode = CodeTokeniser(STARTER / "tokenizer.model").encode
    assert card.tokens == sum(len(encode(text)) for text in texts)
    assert card.words == sum(len(text.split()) for text in texts)
    assert card.tokeniser == read_manifest(STARTER).id
    assert read_card(tmp_path / "made") == card
    assert f"{card.tokens:,} tokens of {card.tokeniser}: 0." in (tmp_path / "made/README.md").read_text()


def test_another_model_counts_by_its_own_and_none_counts_nothing(tmp_path, code, monkeypatch):
    monkeypatch.setenv("RUST_AI_IDE_HOME", str(tmp_path / "home"))
    tiny_model(tmp_path / "home/models/tiny@1")
    card = prepare(tmp_path, code, tokeniser="tiny")
    assert card.tokeniser == "tiny@1"
    assert card.tokens is not None
    plain = prepare(tmp_path, code, tokeniser="none")
    assert (plain.tokens, plain.counted) == (None, "")
    assert "tokens" not in (tmp_path / "made/README.md").read_text()
    (tmp_path / "made").rename(tmp_path / "before")
    with pytest.raises(ModelNotFound):
        prepare(tmp_path, code, tokeniser="missing")
    assert not (tmp_path / "made").exists()


def test_samples_are_counted_too(tmp_path):
    samples = read_samples([{"output": f"pub fn f{n}() -> u32 {{ {n} }}"} for n in range(2)])
    card = create_curated_dataset(CurationSettings(samples, tmp_path / "made"))
    assert card.tokens
    assert card.counted.startswith(f"{card.tokens} tokens of starter@")


def test_children_count_the_same(tmp_path, code, monkeypatch):
    alone = prepare(tmp_path, code)
    monkeypatch.setattr(tokens, "WORTH_CHILDREN", 1)
    told = []
    settings = PreparationSettings((str(code),), tmp_path / "made")
    assert prepare_dataset(settings, told.append).tokens == alone.tokens
    assert [event.done for event in told if event.activity == "Counting tokens"][-1] > 0
