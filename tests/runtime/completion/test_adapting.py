"""Lines written alike are completed alike, with the words exchanged that they differ in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rust_ai_ide.runtime.completion.adapting import propose_by_adapting


@pytest.mark.parametrize(
    ("above", "begun", "rest"),
    [
        ("width: self.width.max(1),", "height: self.", "height.max(1),"),
        ("pub const MAX_WIDTH: u32 = width::MAX;", "pub const MAX_HEIGHT: u32 = ", "height::MAX;"),
        ("fn read_page(&self) -> Page {", "fn read_line(&self) -> ", "Line {"),
        ("let first = self.first.lock();", "let second = self.sec", "ond.lock();"),
    ],
)
def test_words_are_exchanged_in_every_case(above, begun, rest):
    found = propose_by_adapting(f"    {above}\n    {begun}", "\n")
    assert found[0].text == rest
    assert found[0].exchanged == 1


def test_lines_below_count_too():
    found = propose_by_adapting("let beta = x.", "\nlet gamma = x.of(gamma);\n")
    assert [one.text for one in found] == ["of(beta);"]


@pytest.mark.parametrize(
    ("above", "begun"),
    [
        ("let a = one(a, b);", "let a = "),
        ("if width > 1 {", "let width > "),
        ("set(left, left);", "set(up, down"),
        ("call(1);", "other[2"),
    ],
)
def test_lines_that_differ_otherwise_propose_nothing(above, begun):
    assert propose_by_adapting(f"{above}\n{begun}", "") == []


@given(st.text(alphabet="ab_A1 .(\n", max_size=80), st.text(alphabet="ab_A1 .(\n", max_size=40))
def test_a_proposal_is_one_line_and_says_what_was_exchanged(before: str, after: str):
    for one in propose_by_adapting(before, after):
        assert one.text.strip()
        assert "\n" not in one.text
        assert one.exchanged
