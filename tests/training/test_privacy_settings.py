"""Budgets that cannot be are told before the training; the accountant's figures are checked against the formula."""

import math
from dataclasses import replace

import pytest

from rust_ai_ide.training.finetuning.config import FinetuneConfig
from rust_ai_ide.training.privacy.config import Privacy, Spent
from rust_ai_ide.training.privacy.errors import PrivacyRefused
from rust_ai_ide.training.privacy.validation import check_privacy, validate_privacy

GOOD = FinetuneConfig(method="lora", steps=100)
EIGHT = Privacy(epsilon=8.0)


def test_good_settings_have_no_problem():
    assert validate_privacy(EIGHT, GOOD, 500) == []
    assert validate_privacy(Privacy(noise=1.0, delta=1e-5), GOOD, 500) == []


@pytest.mark.parametrize(
    ("privacy", "settings", "field", "remedy"),
    [
        (Privacy(), {}, "epsilon", "either an epsilon or a noise multiplier"),
        (Privacy(epsilon=1.0, noise=1.0), {}, "epsilon", "either an epsilon or a noise multiplier"),
        (Privacy(epsilon=-1.0), {}, "epsilon", "above 0 and at most 100"),
        (Privacy(epsilon=1e6), {}, "epsilon", "above 0 and at most 100"),
        (Privacy(epsilon=math.nan), {}, "epsilon", "above 0 and at most 100"),
        (Privacy(noise=0.001), {}, "noise", "from 0.1 to 100"),
        (Privacy(epsilon=8.0, delta=0.002), {}, "delta", "below 0.002, one in the 500 files"),
        (Privacy(epsilon=8.0, delta=-1.0), {}, "delta", "below 0.002"),
        (EIGHT, {"method": "full"}, "method", "choose the method lora"),
        (EIGHT, {"steps": 0, "minutes": 5.0}, "minutes", "Give steps"),
        (EIGHT, {"precision": "bfloat16"}, "precision", "choose float32"),
        (EIGHT, {"gradient_checkpointing": True}, "gradient_checkpointing", "smaller model"),
        (EIGHT, {"batch": 501}, "batch", "There are 500 files"),
    ],
)
def test_a_problem_names_field_value_and_remedy(privacy, settings, field, remedy):
    (problem,) = validate_privacy(privacy, replace(GOOD, **settings), 500)
    assert (problem.field, remedy in problem.remedy) == (field, True)
    with pytest.raises(PrivacyRefused, match=f"{field} is "):
        check_privacy(privacy, replace(GOOD, **settings), 500)


def test_epsilon_is_told_rounded_up():
    told = Spent(7.9911, 1e-5, 1.0, 1.0, 900, 0.01, 100).as_text()
    assert told.startswith("epsilon 8.00 at delta 1e-05 for adding or leaving out one file of 900,")


@pytest.mark.parametrize("epsilon", [0.5, 2.0, 8.0])
def test_the_noise_for_a_budget_spends_nearly_all_of_it(epsilon):
    pytest.importorskip("opacus", reason="private training needs the extra train: make install-train")
    from rust_ai_ide.training.privacy.accounting import mechanism_for, spent

    mechanism = mechanism_for(Privacy(epsilon=epsilon), 1000, 20, 200, 1.0)
    assert (mechanism.share, mechanism.delta) == (0.02, 0.0001)
    assert 0.97 * epsilon < spent([(mechanism.noise, mechanism.share, 200)], mechanism).epsilon <= epsilon
    less = spent([(mechanism.noise, mechanism.share, 100)], mechanism)
    assert (less.epsilon < 0.9 * epsilon, less.steps) == (True, 100)


def test_with_every_record_in_every_step_it_is_the_gaussian_mechanism():
    pytest.importorskip("opacus", reason="private training needs the extra train: make install-train")
    from rust_ai_ide.training.privacy.accounting import mechanism_for, spent

    noise, delta, steps = 5.0, 1e-5, 10
    mechanism = mechanism_for(Privacy(noise=noise, delta=delta), 100, 100, steps, 1.0)
    found = spent([(noise, 1.0, steps)], mechanism).epsilon
    # Mironov (2017): steps * order / (2 noise^2) of Renyi's divergence, and his conversion, which ours may not exceed.
    orders = [1 + number / 10 for number in range(1, 600)]
    loose = min(steps * order / (2 * noise**2) + math.log(1 / delta) / (order - 1) for order in orders)
    assert 0.7 * loose < found <= loose


def test_a_budget_that_no_noise_keeps_is_told():
    pytest.importorskip("opacus", reason="private training needs the extra train: make install-train")
    from rust_ai_ide.training.privacy.accounting import mechanism_for

    with pytest.raises(PrivacyRefused, match=r"epsilon is 0\.01: No noise that can be counted is enough"):
        mechanism_for(Privacy(epsilon=0.01), 1000, 20, 200, 1.0)
