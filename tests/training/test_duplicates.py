"""Nearly the same texts are found, different ones are kept."""

from hypothesis import given, settings
from hypothesis import strategies as st

from rust_ai_ide.training.duplicates import SIMILAR, resemblance, shingles, signature, without_near_duplicates
from tests.training.rust import rust


def test_a_text_with_a_changed_line_is_nearly_the_same():
    text = rust(1, items=40)
    changed = text.replace("pub fn", "pub(crate) fn", 1)
    assert changed != text
    assert without_near_duplicates([text, rust(2, items=40), changed]) == [0, 1]


def test_different_texts_are_kept():
    texts = [rust(seed) for seed in range(30)]
    assert without_near_duplicates(texts) == list(range(30))


def test_no_two_kept_texts_are_alike():
    halves = [rust(1, items=30) + rust(seed, items=seed) for seed in range(1, 40)]
    kept = without_near_duplicates(halves)
    assert 1 < len(kept) < len(halves)
    grams = [shingles(halves[place]) for place in kept]
    assert all(
        resemblance(left, right) < SIMILAR + 0.1 for left in grams for right in grams if left is not right
    )


def test_signatures_estimate_the_resemblance():
    left, right = rust(1, items=20) + rust(2, items=20), rust(1, items=20) + rust(3, items=20)
    exact = resemblance(shingles(left), shingles(right))
    estimate = float((signature(shingles(left)) == signature(shingles(right))).mean())
    assert abs(exact - estimate) < 0.2


@settings(max_examples=30)
@given(st.lists(st.text(max_size=60), max_size=8))
def test_equal_texts_are_kept_once(texts):
    kept = [texts[place] for place in without_near_duplicates(texts + texts)]
    assert len(kept) == len(set(kept))
    assert set(kept) <= set(texts)
