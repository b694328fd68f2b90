"""Every text comes back as it was, and text never becomes a special token."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.strategies import characters

from rust_ai_ide.training.tokeniser import CONTROL, CodeTokeniser, TokeniserUnusable, train_tokeniser

TEXTS = st.text(characters(exclude_characters="\0▁", exclude_categories=["Cs"]), max_size=80)


@pytest.fixture(scope="module")
def trained(tokeniser) -> CodeTokeniser:
    return tokeniser


def test_every_file_comes_back(tokeniser, corpus):
    assert tokeniser.check_round_trip(file.text for file in (*corpus.training, *corpus.validation)) > 1000


@settings(max_examples=200)
@given(text=st.one_of(TEXTS, st.text(" \t\nfn{}", max_size=60)))
def test_any_text_comes_back(trained, text):
    assert trained.decode(trained.encode(text)) == text


@pytest.mark.parametrize("name", [*CONTROL, "<s>", "</s>", "<pad>"])
def test_the_name_of_a_special_token_is_text(tokeniser, name):
    special = {tokeniser.begin, tokeniser.end, tokeniser.pad, *tokeniser.cuts}
    assert not special & set(tokeniser.encode(f"fn a() {{ {name} }}"))
    assert tokeniser.decode(tokeniser.encode(name)) == name


def test_an_indent_is_one_token(tokeniser):
    assert len(tokeniser.encode("\n" + " " * 8)) == 1
    assert len(tokeniser.encode("\n\t\t")) == 1


def test_a_letter_and_punctuation_are_never_one_token(tokeniser):
    pieces = tokeniser.pieces()[300:]
    assert not [
        one for one in pieces if any(map(str.isalpha, one)) and any(sign in one for sign in ".(){};:<>")
    ]


def test_a_text_that_would_change_is_told(tokeniser):
    with pytest.raises(TokeniserUnusable, match="changes a text"):
        tokeniser.check_round_trip(["let written_space = '▁';"])


def test_what_cannot_be_trained_or_read_is_told(tmp_path):
    with pytest.raises(TokeniserUnusable, match="at least"):
        train_tokeniser(["fn main() {}"], tmp_path / "a.model", 100)
    with pytest.raises(TokeniserUnusable, match="on these texts"):
        train_tokeniser([], tmp_path / "a.model", 512)
    (tmp_path / "b.model").write_bytes(b"nothing")
    with pytest.raises(TokeniserUnusable, match="no tokeniser"):
        CodeTokeniser(tmp_path / "b.model")
