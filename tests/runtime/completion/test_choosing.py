"""Which of several proposals stands at the cursor."""

import pytest

from rust_ai_ide.runtime.completion.choosing import choose, propose, replaced, sure
from rust_ai_ide.runtime.completion.project_text import ProjectText

BEFORE = "fn main() {\n    let total = add(1, 2);\n    let other = "
AFTER = "\n}\n"
LINE = "    let total = account.balance_of(owner).unwrap_or_default();\n    report(total);\n"


def test_a_likely_line_of_the_model_goes_first_and_leaves_the_rest_as_alternatives():
    before = f"{BEFORE}ad"
    proposals = propose(before, AFTER)
    assert "d" in [one.text for one in proposals if one.source == "identifier"]
    choice = choose("a.rs", before, AFTER, "d(1, 2);", -0.01, proposals)
    assert choice.text == "d(1, 2);"
    assert choice.probability > 0.3
    assert "d" in choice.alternatives


@pytest.mark.parametrize(
    ("written", "likelihood"), [("d(3, 4);", -3.0), ("} fn (", -0.1), ("", float("-inf"))]
)
def test_an_unlikely_broken_or_empty_line_gives_way_to_an_identifier(written, likelihood):
    before = "fn main() {\n    let address = 1;\n    let other = f(addr"
    choice = choose("a.rs", before, AFTER, written, likelihood, propose(before, AFTER))
    assert (choice.text, choice.source, choice.probability) == ("ess", "identifier", 0)


def test_with_nothing_good_nothing_is_shown():
    assert choose("a.rs", BEFORE, AFTER, "?? }", -0.1, []).text == ""
    assert choose("a.rs", BEFORE, AFTER, "", float("-inf"), []).text == ""


def test_only_a_long_repetition_goes_without_the_model():
    long = f"fn a() {{\n{LINE}}}\n\n" * 5 + "fn b() {\n    let total = account.balance_of("
    after = "\n    report(total);\n}\n"
    assert sure("a.rs", long, after, propose(long, after)).text == "owner).unwrap_or_default();"
    short = f"fn a() {{\n{LINE}}}\n\nfn b() {{\n    account."
    assert propose(short, AFTER)[0].text == "balance_of(owner).unwrap_or_default();"
    assert sure("a.rs", short, AFTER, propose(short, AFTER)) is None


def test_another_file_of_the_project_proposes_too():
    project = ProjectText([("b.rs", f"fn a() {{\n{LINE}}}\n".encode())])
    before = "fn b() {\n    let total = account.balance_of("
    proposals = propose(before, "\n    report(total);\n}\n", project)
    assert [(one.text, one.source) for one in proposals][0] == ("owner).unwrap_or_default();", "other file")
    choice = choose("a.rs", before, "\n    report(total);\n}\n", "", float("-inf"), proposals)
    assert choice.source == "other file"


def test_what_stands_after_the_cursor_is_not_said_again():
    before = "fn main() {\n    add(1"
    assert choose("a.rs", before, ");\n}\n", ", 2);", -0.01, []).text == ", 2"


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
    assert choose("notes.txt", "See (", "\n", "the ] notes", -0.01, []).text == "the ] notes"
