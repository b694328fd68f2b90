"""A space that cannot be searched is told before the first trial, with its field, its value and a remedy."""

from dataclasses import replace

import pytest

from rust_ai_ide.runtime.manifest import InfillTokens, Manifest
from rust_ai_ide.training.finetuning.base import Base
from rust_ai_ide.training.finetuning.config import FinetuneConfig
from rust_ai_ide.training.searching.errors import SearchRefused
from rust_ai_ide.training.searching.reading import check_space, read_space, space_from
from rust_ai_ide.training.searching.space import Choice, Range, applied, default_space, grid_of, grid_size
from rust_ai_ide.training.shape import NetworkConfig
from tests.training.finetuning import MACHINE

GOOD = FinetuneConfig(steps=100)
SMALL = NetworkConfig()


@pytest.fixture
def base(tmp_path):
    """A small base that infills."""
    infill = InfillTokens("<|prefix|>", "<|suffix|>", "<|middle|>", "spm")
    return Base(tmp_path, Manifest("starter", "1", "llama", "MIT", 1024, "int8", infill=infill), SMALL, ())


def test_a_space_is_read_from_toml_and_json(tmp_path):
    toml, plain = tmp_path / "space.toml", tmp_path / "space.json"
    toml.write_text("batch = [8, 16]\n[rate]\nlow = 1e-5\nhigh = 1e-3\nlog = true\npoints = 5\n")
    plain.write_text('{"batch": [8, 16], "rate": {"low": 1e-5, "high": 1e-3, "log": true, "points": 5}}')
    wanted = {"batch": Choice((8, 16)), "rate": Range(1e-5, 1e-3, log=True, points=5)}
    assert read_space(toml) == read_space(plain) == wanted


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({}, "names no setting"),
        ([1], "names no setting"),
        ({"speed": [1]}, "speed is in the space: Search some of rate,"),
        ({"length": [64, 128]}, "length is in the space: Search some of rate,"),
        ({"rate": 3}, "rate is 3: Give a list of values, or low and high."),
        ({"rate": []}, "rate is []: Give at least one value"),
        ({"rate": [1e-3, 1e-3]}, "each once"),
        ({"rate": ["fast"]}, "rate is fast: Choose among finite numbers."),
        ({"batch": [2.5]}, "batch is 2.5: Choose among whole numbers."),
        ({"batch": [True]}, "batch is True: Choose among whole numbers."),
        ({"rate": {"low": 1e-3}}, "rate is None: Give low and high"),
        ({"rate": {"low": 1e-3, "high": float("nan")}}, "rate is nan: Give low and high"),
        ({"rate": {"low": 1e-3, "high": 1e-4}}, "rate is 0.001: Give a low that is below the high of 0.0001"),
        (
            {"rate": {"low": 0, "high": 1e-3, "log": True}},
            "rate is 0: Let log be true or false, and low above 0",
        ),
        ({"rate": {"low": 1e-4, "high": 1e-3, "log": 1}}, "rate is 1: Let log be"),
        ({"rate": {"low": 1e-4, "high": 1e-3, "points": 1}}, "rate is 1: Give 2 to 1,000 points."),
        ({"rate": {"low": 1e-4, "high": 1e-3, "step": 1}}, "rate is step: Give low, high, log and points"),
    ],
)
def test_a_space_that_is_none_is_refused(values, told):
    with pytest.raises(SearchRefused) as refused:
        space_from(values)
    assert told in str(refused.value)


def test_a_file_that_cannot_be_read_is_told(tmp_path):
    with pytest.raises(SearchRefused, match="cannot be read: No such file"):
        read_space(tmp_path / "none.json")
    for name, text in (("bad.json", "{"), ("bad.toml", "rate ="), ("bad.json", "[" * 100_000)):
        (tmp_path / name).write_text(text)
        with pytest.raises(SearchRefused, match="is neither JSON nor"):
            read_space(tmp_path / name)


@pytest.mark.parametrize(
    ("space", "config", "told"),
    [
        ({"rate": Range(1e-5, 1.0)}, GOOD, "rate is 1: Choose a learning rate from 0.0000001 to 0.01"),
        ({"batch": Choice((16, 0))}, GOOD, "batch is 0: Learn from 1 to 4,096 windows a step."),
        ({"warm_up": Choice((5, 500))}, GOOD, "warm_up is 500: Warm up for fewer than the 100 steps."),
        ({"rank": Choice((4,))}, GOOD, "rank is in the space: Only an adapter has it"),
        (
            {"rank": Choice((4, 900))},
            replace(GOOD, method="lora"),
            "rank is 900: Choose a rank from 1 to 256",
        ),
        ({"clip": Choice((1.0,))}, replace(GOOD, steps=0, minutes=5.0), "minutes is 5: Give steps"),
    ],
)
def test_what_the_space_cannot_hold_is_told(base, space, config, told):
    with pytest.raises(SearchRefused) as refused:
        check_space(space, config, base, MACHINE)
    assert told in str(refused.value)
    check_space({"rate": Range(1e-5, 1e-3)}, GOOD, base, MACHINE)


@pytest.mark.parametrize("method", ["full", "lora"])
@pytest.mark.parametrize("rate", [1e-7, 3e-4, 1e-2])
def test_the_usual_space_has_no_problem(base, method, rate):
    config = replace(GOOD, method=method, rate=rate)
    space = default_space(config, SMALL)
    assert ("rank" in space) == (method == "lora")
    check_space(space, config, base, MACHINE)


def test_the_points_of_a_grid_are_even_on_their_scale():
    space = {
        "rate": Range(1e-5, 1e-3, log=True, points=3),
        "batch": Range(1, 4, points=9),
        "clip": Choice((1.0,)),
    }
    points = grid_of(space)
    assert points["rate"] == pytest.approx((1e-5, 1e-4, 1e-3))
    assert points["batch"] == (1, 2, 3, 4)
    assert grid_size(space) == 12


def test_alpha_follows_the_rank_unless_it_is_searched():
    assert applied(GOOD, {"rank": 4}).alpha == 8.0
    assert applied(GOOD, {"rank": 4, "alpha": 4.0}).alpha == 4.0
    assert applied(GOOD, {"rate": 1e-4}).alpha == GOOD.alpha
