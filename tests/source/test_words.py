import time

from hypothesis import given
from hypothesis import strategies as st

from rust_ai_ide.source.changes import pair_lines, word_changes


def cut(text: str, ranges: list[range]) -> list[str]:
    return [text[each.start : each.stop] for each in ranges]


def test_whole_words_are_marked() -> None:
    old, new = "let count = first(bar);", "let total = first(bar, 1);"
    old_ranges, new_ranges = word_changes(old, new)
    assert cut(old, old_ranges) == ["count"]
    assert cut(new, new_ranges) == ["total", ", 1"]
    assert word_changes("same", "same") == ([], [])
    assert word_changes("", "new") == ([], [range(3)])


LINE = st.text("ab _(", max_size=30)


@given(LINE, LINE)
def test_what_is_not_marked_is_the_same_on_both_sides(old: str, new: str) -> None:
    sides = []
    for text, ranges in zip((old, new), word_changes(old, new), strict=True):
        assert all(0 <= each.start < each.stop <= len(text) for each in ranges)
        assert all(one.stop <= other.start for one, other in zip(ranges, ranges[1:], strict=False))
        marked = {index for each in ranges for index in each}
        sides.append("".join(c for index, c in enumerate(text) if index not in marked and not c.isspace()))
    assert sides[0] == sides[1]


@given(st.lists(LINE, max_size=8), st.lists(LINE, max_size=8))
def test_pairs_hold_every_line_once_and_in_order(removed: list[str], added: list[str]) -> None:
    pairs = pair_lines(removed, added)
    assert [left for left, _ in pairs if left is not None] == list(range(len(removed)))
    assert [right for _, right in pairs if right is not None] == list(range(len(added)))
    assert all(pair != (None, None) for pair in pairs)


def test_lines_that_are_alike_stand_side_by_side() -> None:
    removed = ["fn first(a: u8) {", "    call(a);"]
    added = ["// new comment", "fn first(a: u16) {", "    call(a, 1);"]
    assert pair_lines(removed, added) == [(None, 0), (0, 1), (1, 2)]


def test_large_and_repetitive_input_is_quick() -> None:
    start = time.process_time()
    pair_lines(["let x = 1;"] * 10_000, ["let y = 2;"] * 9_999)
    pair_lines(["a b c " * 300] * 140, ["a c d " * 300] * 140)
    word_changes("a b " * 500, "b a " * 500)
    word_changes("x" * 1_000_000, "y" * 1_000_000)
    assert time.process_time() - start < 20  # a minute and more without the bounds
