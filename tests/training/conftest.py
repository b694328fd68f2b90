"""A corpus, a tokeniser trained on it, and a network trained for a few steps."""

from pathlib import Path

import pytest

from rust_ai_ide.training.corpus import Corpus, read_corpus
from rust_ai_ide.training.tokeniser import CodeTokeniser, train_tokeniser
from tests.training.rust import crates


@pytest.fixture(scope="session")
def corpus(tmp_path_factory) -> Corpus:
    """The files of twelve small crates."""
    return read_corpus(crates(tmp_path_factory.mktemp("corpus")))


@pytest.fixture(scope="session")
def tokeniser_file(tmp_path_factory, corpus: Corpus) -> Path:
    """A `tokenizer.model` trained on the corpus."""
    file = tmp_path_factory.mktemp("tokeniser") / "tokenizer.model"
    train_tokeniser([source.text for source in corpus.training], file, 512)
    return file


@pytest.fixture(scope="session")
def tokeniser(tokeniser_file: Path) -> CodeTokeniser:
    """The tokeniser."""
    return CodeTokeniser(tokeniser_file)
