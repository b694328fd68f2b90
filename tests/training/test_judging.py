"""Files are judged alike in this process and in children, and as the plain formulas say."""

import random
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rust_ai_ide.observability.events import Cancelled
from rust_ai_ide.training.datasets import judges
from rust_ai_ide.training.datasets.card import read_card
from rust_ai_ide.training.datasets.judges import Judges
from rust_ai_ide.training.datasets.preparing import prepare_dataset
from rust_ai_ide.training.datasets.reading import TRAINING, VALIDATION
from rust_ai_ide.training.datasets.settings import Filters, PreparationSettings
from rust_ai_ide.training.duplicates import _FACTORS, _OFFSETS, grams_of, signature, words_of
from tests.training.rust import crate, crates, rust


@pytest.fixture
def code(tmp_path):
    """Crates with files of every kind."""
    crates(tmp_path / "code", 30, files=2)
    odd = {
        "src/copy.rs": rust(1),
        "src/small.rs": "fn f() {}\n",
        "src/broken.rs": "fn ) let x = = ;;\n" * 40,
        "src/deep.rs": "fn f() {\n" + "    (deeper_and_deeper +\n" * 1500 + "0" + ")\n" * 1500 + "}\n",
        "src/tested.rs": rust(7) + "#[cfg(test)]\nmod tests {\n    #[test]\n    fn works() {}\n}\n",
        "src/grüße.rs": "// Grüße an alle\r\n" + rust(8),
    }
    crate(tmp_path / "code", "odd", odd)
    return tmp_path / "code"


def test_children_make_the_same_dataset(tmp_path, code, monkeypatch):
    made = []
    for name, least in (("here", 10**6), ("children", 1)):
        monkeypatch.setattr(judges, "WORTH_CHILDREN", least)
        monkeypatch.setattr(judges, "_BATCH_BYTES", 5_000)
        prepare_dataset(PreparationSettings((str(code),), tmp_path / name))
        card = read_card(tmp_path / name)
        rows = [(tmp_path / name / side).read_bytes() for side in (TRAINING, VALIDATION)]
        made.append((rows, card.dropped, card.quality, card.crates, card.found))
    assert made[0] == made[1]
    assert made[0][1]["cannot be parsed"] == 1


def test_giving_up_ends_the_children(tmp_path, code, monkeypatch):
    monkeypatch.setattr(judges, "WORTH_CHILDREN", 1)
    monkeypatch.setattr(judges, "_BATCH_BYTES", 5_000)

    def report(event):
        if event.activity == "Reading files" and event.done > 10:
            raise Cancelled("Cancelled")

    with pytest.raises(Cancelled):
        prepare_dataset(PreparationSettings((str(code),), tmp_path / "made"), report)
    assert not (tmp_path / "made").exists()


def test_answers_come_in_order():
    files = [(str(number), rust(number).encode()) for number in range(40)]
    random.Random(3).shuffle(files)
    some = Judges(Filters(), judges.WORTH_CHILDREN)
    try:
        answers = list(some.judged(files))
    finally:
        some.close()
    assert [(path, verdict.text.encode()) for path, verdict in answers] == files


TEXTS = st.text(st.one_of(st.characters(max_codepoint=127), st.sampled_from(" \n_äé→")), max_size=200)


@settings(max_examples=200, deadline=None)
@given(TEXTS)
def test_words_are_those_of_the_expression(text):
    assert words_of(text) == re.findall(r"\w+|[^\w\s]", text)


@settings(max_examples=30, deadline=None)
@given(TEXTS)
def test_a_signature_holds_the_smallest_values_modulo_the_prime(text):
    grams = grams_of(words_of(text))
    assert list(grams) == sorted(set(grams.tolist()))
    prime = 2**31 - 1
    for factor, offset, found in zip(
        _FACTORS.tolist(), _OFFSETS.tolist(), signature(grams).tolist(), strict=True
    ):
        assert found % prime == min((factor * gram + offset) % prime for gram in grams.tolist())
