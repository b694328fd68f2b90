"""Weighing alternatives: the ranking, how firm it is, and the tree of questions."""

from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rust_ai_ide.architecture.decisions.decision import Criterion, Decision, DecisionInvalid
from rust_ai_ide.architecture.decisions.ranking import Method, rank
from rust_ai_ide.architecture.decisions.reading import decision_of
from rust_ai_ide.architecture.decisions.sensitivity import shares_first, weight_ranges
from rust_ai_ide.architecture.decisions.tree import Leaf, Question, decision_tree
from tests.architecture.decisions_made import DATABASE, decision

numbers = st.integers(0, 20).map(lambda number: number / 20)


@st.composite
def decisions(draw: st.DrawFn) -> Decision:
    width = draw(st.integers(1, 4))
    weights = draw(st.lists(numbers, min_size=width, max_size=width).filter(any))
    rows = draw(st.lists(st.lists(numbers, min_size=width, max_size=width), min_size=2, max_size=5))
    return decision(weights, rows)


def test_the_two_methods_rank_as_published_implementations_do() -> None:
    made = decision_of(DATABASE)
    by_sum = [(one.alternative.name, round(one.score, 3), one.rank) for one in rank(made)]
    assert by_sum == [("PostgreSQL", 0.71, 1), ("MySQL", 0.63, 2), ("SQLite", 0.6, 3)]
    by_topsis = [(one.alternative.name, round(one.score, 6)) for one in rank(made, Method.TOPSIS)]
    assert by_topsis == [("PostgreSQL", 0.530238), ("MySQL", 0.487967), ("SQLite", 0.469762)]


@given(decisions(), st.sampled_from(Method))
def test_what_is_nowhere_worse_never_comes_later(made: Decision, method: Method) -> None:
    place = {one.alternative.name: one.rank for one in rank(made, method)}
    for one, of_one in zip(made.alternatives, made.utilities, strict=True):
        for other, of_other in zip(made.alternatives, made.utilities, strict=True):
            if all(left >= right for left, right in zip(of_one, of_other, strict=True)):
                assert place[one.name] <= place[other.name]


@given(decisions(), st.sampled_from(Method))
def test_scores_lie_between_0_and_1_and_do_not_hang_on_the_order(made: Decision, method: Method) -> None:
    scores = {one.alternative.name: one.score for one in rank(made, method)}
    assert all(-1e-9 <= score <= 1 + 1e-9 for score in scores.values())
    turned = replace(made, alternatives=made.alternatives[::-1], criteria=made.criteria[::-1])
    for one in rank(turned, method):
        assert one.score == pytest.approx(scores[one.alternative.name])


@given(decisions())
def test_inside_its_range_a_weight_changes_nothing_and_beyond_it_something(made: Decision) -> None:
    first = rank(made)[0].alternative.name
    for number, one in enumerate(weight_ranges(made)):
        assert one.least <= one.weight + 1e-9
        assert one.most >= one.weight - 1e-9
        if one.most - one.least > 0.02:
            inside = _ranked_with(made, number, (one.least + one.most) / 2)
            assert inside[first] == pytest.approx(max(inside.values()))
        for name, beyond in ((one.below, one.least - 0.01), (one.above, one.most + 0.01)):
            if name and 0 <= beyond <= 1:
                assert _ranked_with(made, number, beyond)[first] < max(
                    _ranked_with(made, number, beyond).values()
                )


def _ranked_with(made: Decision, number: int, share: float) -> dict[str, float]:
    """Return the scores where one weight is another, and the rest keep their proportions."""
    rest = 1 - made.weights[number]
    others = len(made.weights) - 1
    weights = [
        share if place == number else (weight / rest if rest > 1e-9 else 1 / others) * (1 - share)
        for place, weight in enumerate(made.weights)
    ]
    rows = zip(made.alternatives, made.utilities, strict=True)
    return {one.name: sum(a * b for a, b in zip(weights, row, strict=True)) for one, row in rows}


@given(decisions(), st.sampled_from(Method))
def test_the_shares_of_weights_sum_to_all(made: Decision, method: Method) -> None:
    shares = shares_first(made, method)
    assert sum(shares.values()) == pytest.approx(1)
    assert shares == shares_first(made, method)


def test_the_share_is_what_geometry_says() -> None:
    # a leads where the first weight is above 2/3: with two criteria that is a third of all weights.
    shares = shares_first(decision([1, 1], [[1, 0], [0.5, 1]]))
    assert shares["a"] == pytest.approx(1 / 3, abs=0.02)


def test_equal_alternatives_share_a_rank() -> None:
    assert [one.rank for one in rank(decision([1, 1], [[1, 0], [0, 1], [0, 0]]))] == [1, 1, 3]
    same = rank(decision([1], [[0.4], [0.4]]), Method.TOPSIS)
    assert [(one.rank, one.score) for one in same] == [(1, 0.5), (1, 0.5)]


def _walk(tree: Question | Leaf, asked: dict[str, str]) -> tuple[str, ...]:
    while isinstance(tree, Question):
        tree = next(below for levels, below in tree.answers if asked[tree.criterion] in levels)
    return tree.names


def test_the_tree_says_for_each_need_what_meets_it_best() -> None:
    made = decision_of(DATABASE)
    tree = decision_tree(made)
    levels = {one.name: one.levels for one in made.criteria if one.levels}
    for asked in product(*levels.values()):
        case = dict(zip(levels, asked, strict=True))
        worth = {
            one.name: sum(
                weight * min(1, one.ratings[by.name] / by.levels[case[by.name]])
                if by.levels
                else weight * by.utility(one.ratings[by.name])
                for by, weight in zip(made.criteria, made.weights, strict=True)
            )
            for one in made.alternatives
        }
        best = {name for name, value in worth.items() if value > max(worth.values()) - 1e-9}
        assert set(_walk(tree, case)) == best
    assert _walk(tree, {"writers": "low", "data": "complex"}) == ("SQLite",)


def test_a_tree_that_asks_nothing_is_a_leaf() -> None:
    assert decision_tree(decision([1], [[0.2], [0.9]])) == Leaf(("b",))


SIMPLE = {
    "title": "One or the other",
    "criteria": [{"name": "data"}],
    "alternatives": [{"name": "a", "ratings": {"data": 1}}, {"name": "b", "ratings": {"data": 0.5}}],
}


def _changed(**changes: object) -> dict[str, object]:
    return {**SIMPLE, **changes}


@pytest.mark.parametrize(
    ("document", "said"),
    [
        ([], "must be a table"),
        ({}, "needs a title"),
        (_changed(title="x", decisio="y"), "no key `decisio`"),
        (_changed(criteria=[]), "There are no criteria"),
        (_changed(alternatives=SIMPLE["alternatives"][:1]), "There is 1 alternative; a decision needs at least 2"),
        (_changed(alternatives=SIMPLE["alternatives"] * 2), "two alternatives named “a”"),
        (_changed(alternatives=[{"name": "a"}, {"name": "b"}]), "“a” has no rating by “data”"),
        (_changed(criteria=[{"name": "data", "weight": -1}]), "must not be below 0"),
        (_changed(criteria=[{"name": "data", "weight": float("nan")}]), "must be numbers"),
        (_changed(criteria=[{"name": "data", "weight": True}]), "must be a number"),
        (_changed(criteria=[{"name": "data", "weight": 10**400}]), "is too large"),
        (_changed(criteria=[{"name": "data", "weight": 0}]), "weigh nothing"),
        (_changed(criteria=[{"name": "data", "best": 0}]), "are the same"),
        (_changed(criteria=[{"name": "data", "levels": {"high": 2}}]), "“high” of “data” must lie between 0 and 1"),
        (_changed(criteria=[{"name": "data", "levels": [1]}]), "must be names with numbers"),
        (_changed(alternatives=[{"name": "a", "ratings": {"data": "huge"}}]), "“huge” is no level of “data”"),
        (_changed(alternatives=[{"name": "a", "pros": "one"}]), "`pros` must be a list of texts"),
    ],
)  # fmt: skip
def test_what_cannot_be_weighed_is_told_in_a_sentence(document: object, said: str) -> None:
    with pytest.raises(DecisionInvalid, match=said) as caught:
        decision_of(document)
    assert str(caught.value).endswith(".")


def test_ratings_outside_of_their_scale_and_by_unknown_criteria_are_told() -> None:
    with pytest.raises(DecisionInvalid, match="must lie between 0 and 1"):
        decision([1], [[2.0], [0.0]])
    made = decision([1], [[1.0], [0.0]])
    with pytest.raises(DecisionInvalid, match="is rated by “0”, which is no criterion"):
        replace(made, criteria=(Criterion("other", 1),))


def test_levels_that_make_too_many_cases_are_told() -> None:
    many = {f"level {number}": number / 40 for number in range(1, 31)}
    made = decision([1] * 4, [[0.1] * 4, [0.9] * 4])
    crowded = replace(made, criteria=tuple(replace(one, levels=many) for one in made.criteria))
    with pytest.raises(DecisionInvalid, match="more than 4,000 combinations"):
        decision_tree(crowded)
