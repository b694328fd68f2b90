"""Which endpoint is asked, which rests, and how often a client may ask."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rust_ai_ide.runtime.errors import Overloaded
from rust_ai_ide.runtime.routing import FIRST_REST, LONGEST_REST, Health, RateLimit, Router


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


def fail(router, name):
    with pytest.raises(ValueError, match="broken"), router.trying(name):
        raise ValueError("broken")


def fail_late(router, name, **how):
    with router.trying(name, **how) as answered:
        answered()
        raise ValueError("late")


def give_up(router, clock, waited, *, after_an_answer):
    with router.trying("a", patience=1.0) as answered:
        if after_an_answer:
            answered()
        clock.now += waited
        raise GeneratorExit


def test_the_order_given_holds_while_all_are_well():
    assert Router().order(["b", "a", "c"]) == ["b", "a", "c"]


def test_the_least_busy_goes_first():
    router = Router()
    with router.trying("a"):
        assert router.order(["a", "b"]) == ["b", "a"]
    assert router.order(["a", "b"]) == ["a", "b"]


def test_one_that_fails_rests_longer_each_time_and_comes_back_at_its_first_answer():
    clock = Clock()
    router = Router(clock)
    fail(router, "a")
    assert router.health("a") == (Health.DEGRADED, "broken")
    assert router.order(["a", "b"]) == ["b", "a"]
    fail(router, "a")
    assert router.health("a")[0] == Health.FAILED
    assert router.order(["a", "b"]) == ["b"]
    clock.now += FIRST_REST
    assert router.order(["a", "b"]) == ["b", "a"]
    fail(router, "a")
    clock.now += FIRST_REST
    assert router.order(["a"]) == []
    clock.now += FIRST_REST
    with router.trying("a") as answered:
        answered()
    assert router.health("a") == (Health.HEALTHY, "")
    assert router.order(["a", "b"]) == ["a", "b"]


def test_rest_is_bounded():
    clock = Clock()
    router = Router(clock)
    for _ in range(50):
        fail(router, "a")
    clock.now += LONGEST_REST
    assert router.order(["a"]) == ["a"]


def test_what_breaks_after_the_first_answer_is_not_held_against_it():
    router = Router()
    for _ in range(3):
        with pytest.raises(ValueError, match="late"):
            fail_late(router, "a")
    assert router.health("a")[0] == Health.HEALTHY
    assert router.order(["a"]) == ["a"]


def test_a_slow_one_is_degraded():
    clock = Clock()
    router = Router(clock)
    with router.trying("a") as answered:
        clock.now += 30
        answered()
    assert router.health("a")[0] == Health.DEGRADED
    assert router.order(["a", "b"]) == ["b", "a"]


def test_where_the_whole_answer_matters_what_breaks_late_counts():
    router = Router()
    for _ in range(2):
        with pytest.raises(ValueError, match="late"):
            fail_late(router, "a", whole=True)
    assert router.health("a") == (Health.FAILED, "late")
    with router.trying("a", whole=True) as answered:
        answered()
    assert router.health("a") == (Health.HEALTHY, "")


@pytest.mark.parametrize(("waited", "health"), [(0.5, Health.HEALTHY), (1.5, Health.DEGRADED)])
def test_giving_up_counts_once_patience_is_over(waited, health):
    clock = Clock()
    router = Router(clock)
    with pytest.raises(GeneratorExit):
        give_up(router, clock, waited, after_an_answer=False)
    assert router.health("a")[0] == health
    with pytest.raises(GeneratorExit):
        give_up(router, clock, waited, after_an_answer=True)
    assert router.health("a")[0] == Health.HEALTHY


def test_rests_are_as_long_as_the_router_says():
    clock = Clock()
    router = Router(clock, first_rest=1.0, longest_rest=2.0)
    for _ in range(6):
        fail(router, "a")
    clock.now += 2.0
    assert router.order(["a"]) == ["a"]


@given(st.lists(st.floats(0, 30), min_size=1, max_size=200))
def test_no_client_gets_more_than_its_share(pauses):
    clock = Clock()
    limit = RateLimit(per_minute=60, burst=5, clock=clock)
    began, taken = clock.now, 0
    for pause in pauses:
        clock.now += pause
        try:
            limit.take("one")
        except Overloaded:
            continue
        taken += 1
    assert taken <= 5 + (clock.now - began) + 1


def test_clients_are_limited_apart_and_told_how_long_to_wait():
    clock = Clock()
    limit = RateLimit(per_minute=6, burst=2, clock=clock)
    limit.take("one")
    limit.take("one")
    with pytest.raises(Overloaded, match="wait 10 seconds"):
        limit.take("one")
    limit.take("two")
    clock.now += 10
    limit.take("one")
