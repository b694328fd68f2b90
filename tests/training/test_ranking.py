"""Fitting how suggestions are ranked."""

import json
import math
import random

import pytest

from rust_ai_ide.cli.main import main
from rust_ai_ide.runtime.completion.ranking import ALONE, WITH_MODEL, probability, read_weights
from rust_ai_ide.training.ranking import Example, NothingToRank, fit
from tests.training.rust import crates


def examples(count, weights, intercept, seed=0):
    chance = random.Random(seed)
    made = []
    for _ in range(count):
        values = {name: chance.gauss(0, 1) for name in weights}
        score = intercept + sum(weights[name] * value for name, value in values.items())
        made.append(Example(values, chance.random() < 1 / (1 + math.exp(-score))))
    return made


def test_known_weights_are_found_again():
    found = fit(examples(20_000, {"a": 1.5, "b": -0.7, "c": 0.0}, -1.0))
    assert found["a"] == pytest.approx(1.5, abs=0.1)
    assert found["b"] == pytest.approx(-0.7, abs=0.1)
    assert found["c"] == pytest.approx(0.0, abs=0.1)
    assert found["intercept"] == pytest.approx(-1.0, abs=0.1)


def test_probabilities_are_those_that_come_true():
    made = examples(20_000, {"a": 2.0, "b": 1.0}, -0.5)
    weights = fit(made[:10_000])
    likely = [one for one in made[10_000:] if 0.6 < probability(one.features, weights) < 0.8]
    assert sum(one.is_right for one in likely) / len(likely) == pytest.approx(0.7, abs=0.05)


def test_a_feature_that_never_changes_does_no_harm():
    made = [Example({**one.features, "same": 1.0}, one.is_right) for one in examples(2_000, {"a": 1.0}, 0.0)]
    assert all(math.isfinite(value) for value in fit(made).values())


def test_too_few_places_are_refused_and_nothing_is_written(tmp_path, capsys):
    corpus = crates(tmp_path / "crates", 1)
    into = tmp_path / "ranking.json"
    into.write_text("kept")
    arguments = ["train", "ranking", "--model", "starter", "--corpus", str(corpus), "--into", str(into)]
    assert main([*arguments, "--places", "3"]) == 2
    assert "at least" in capsys.readouterr().err
    assert into.read_text() == "kept"
    with pytest.raises(NothingToRank):
        fit([])


def test_the_command_fits_both_sets(tmp_path, capsys):
    corpus = crates(tmp_path / "crates", 6)
    into = tmp_path / "ranking.json"
    arguments = ["train", "ranking", "--model", "starter", "--corpus", str(corpus), "--into", str(into)]
    assert main([*arguments, "--places", "150"]) == 0
    assert capsys.readouterr().out == f"{into}\n"
    weights = read_weights(into)
    assert "is_same" in weights[WITH_MODEL]
    assert "is_same" not in weights[ALONE]
    assert weights[ALONE]["matched"] + weights[ALONE]["matched_less"] > 0
    assert json.loads(into.read_text())["origin"] == {
        "model": "starter@2",
        "places": 150,
        "seed": 0,
        "projects": 6,
    }
