"""Which of several proposals stands at the cursor."""

import pytest

from rust_ai_ide.runtime.completion.choosing import choose, propose, replaced, sure

BEFORE = "fn main() {\n    let total = add(1, 2);\n    let other = "


def test_a_likely_line_of_the_model_goes_first_and_leaves_the_rest_as_alternatives():
    before = f"{BEFORE}ad"
    proposals = propose("a.rs", before, "\n}\n")
    assert [one.text for one in proposals] == ["d"]
    choice = choose("a.rs", before, "\n}\n", "d(3, 4);", -0.1, proposals)
    assert choice.text == "d(3, 4);"
    assert choice.source == "model"
    assert choice.alternatives == ("d",)


@pytest.mark.parametrize(("written", "likelihood"), [("d(3, 4);", -3.0), ("} fn (", -0.1), ("", -0.1)])
def test_an_unlikely_broken_or_empty_line_gives_way_to_what_the_file_says(written, likelihood):
    before = f"{BEFORE}ad"
    proposals = propose("a.rs", before, "\n}\n")
    choice = choose("a.rs", before, "\n}\n", written, likelihood, proposals)
    assert choice.text == "d"
    assert choice.source == "identifier"


def test_with_nothing_good_nothing_is_shown():
    assert choose("a.rs", BEFORE, "\n}\n", "?? }", -0.1, []).text == ""


def test_only_a_long_repetition_goes_without_the_model():
    line = "    let total = account.balance_of(owner).unwrap_or_default();\n"
    long = f"fn a() {{\n{line}}}\n\nfn b() {{\n    let total = account.balance_of("
    assert sure(propose("a.rs", long, "\n}\n")).text == "owner).unwrap_or_default();"
    short = f"fn a() {{\n{line}}}\n\nfn b() {{\n    let total = account."
    assert propose("a.rs", short, "\n}\n")[0].text == "balance_of(owner).unwrap_or_default();"
    assert sure(propose("a.rs", short, "\n}\n")) is None


def test_what_stands_after_the_cursor_is_not_said_again():
    before = "fn main() {\n    add(1"
    assert choose("a.rs", before, ");\n}\n", ", 2);", -0.1, []).text == ", 2"


@pytest.mark.parametrize(
    ("line", "after", "count"),
    [
        ("a: u8) {", ")", 1),
        ("a, b)", "", 0),
        ("f(a)", ")", 0),
        ("a])", "])", 2),
        ("a)", "]", 0),
        ("a]);", "])\n", 2),
    ],
)
def test_brackets_that_the_line_closes_itself_are_replaced(line, after, count):
    assert replaced(line, after) == count


def test_files_that_are_no_rust_are_not_parsed():
    assert choose("notes.txt", "See (", "\n", "the ] notes", -0.1, []).text == "the ] notes"
