"""Lines are ranked by what speaks for them."""

import json

import pytest

from rust_ai_ide.home import data_directory
from rust_ai_ide.runtime.completion.copying import OTHER_FILE, THIS_FILE, Proposal
from rust_ai_ide.runtime.completion.ranking import (
    ALONE,
    SHIPPED,
    WITH_MODEL,
    ModelLine,
    current_weights,
    own_file,
    ranked,
    read_weights,
)
from rust_ai_ide.runtime.errors import InvalidConfig

BEFORE = "fn main() {\n    let total = "
LONG = Proposal("items.len();", 60, THIS_FILE, follow_length=40, places=3, share=0.75)
SHORT = Proposal("items.sum();", 6, OTHER_FILE, follow_length=0, places=1, share=0.25)


def test_a_long_match_that_fits_on_both_sides_comes_first():
    (best, first), (worse, second) = ranked([SHORT, LONG], None, BEFORE)
    assert (first, second) == (LONG, SHORT)
    assert 1 > best > 0.5 > worse > 0


def test_what_the_model_writes_too_becomes_likelier():
    other, same = ModelLine("other();", -3.0), ModelLine(SHORT.text, -0.05)
    alone = {one.text: chance for chance, one in ranked([LONG, SHORT], other, BEFORE)}
    agreed = {one.text: chance for chance, one in ranked([LONG, SHORT], same, BEFORE)}
    assert agreed[SHORT.text] > alone[SHORT.text]


def test_the_models_own_line_is_one_of_them():
    found = ranked([], ModelLine("compute();", -0.01), BEFORE)
    assert [one.source for _, one in found] == ["model"]
    assert ranked([], None, BEFORE) == []


def test_identifiers_are_no_lines():
    assert ranked([Proposal("al", 3, "identifier")], None, BEFORE) == []


def test_both_sets_are_shipped_and_say_where_they_come_from():
    weights = read_weights(SHIPPED)
    assert set(weights) == {ALONE, WITH_MODEL}
    assert all("intercept" in values for values in weights.values())
    assert json.loads(SHIPPED.read_text())["origin"]["places"] >= 1000


def test_weights_that_were_fitted_here_are_taken(tmp_path, monkeypatch):
    monkeypatch.setenv("RUST_AI_IDE_HOME", str(tmp_path))
    assert own_file().parent == data_directory()
    own_file().write_text(json.dumps({"weights": {ALONE: {"intercept": 9}, WITH_MODEL: {"intercept": -9}}}))
    current_weights.cache_clear()
    try:
        assert ranked([SHORT], None, BEFORE)[0][0] > 0.99
        assert ranked([SHORT], ModelLine("x", -1.0), BEFORE)[0][0] < 0.01
    finally:
        current_weights.cache_clear()


@pytest.mark.parametrize(
    "text", ["", "[]", '{"weights": {"alone": 3}}', '{"weights": {"alone": {"a": "b"}}}']
)
def test_a_file_that_is_no_ranking_is_refused(tmp_path, text):
    (tmp_path / "ranking.json").write_text(text)
    with pytest.raises(InvalidConfig, match="holds no ranking"):
        read_weights(tmp_path / "ranking.json")
