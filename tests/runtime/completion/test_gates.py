"""Proposals that break what is there are refused, and overlaps are cut."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rust_ai_ide.runtime.completion.gates import (
    drop_overlap_with_suffix,
    keeps_syntax,
    trim_to_line,
    unclosed,
)

BEFORE = "pub fn run(items: &[u32]) -> u32 {\n    "
AFTER = "\n    items.len() as u32\n}\n\nfn other() {}\n"


@pytest.mark.parametrize(
    "proposal",
    [
        "let n = items[0];",
        "let n = items[0]",
        "for item in items {",
        "items.iter().for_each(|item| {",
        "// a note",
        "",
    ],
)
def test_what_fits_is_kept(proposal: str):
    assert keeps_syntax(BEFORE, proposal, AFTER)


@pytest.mark.parametrize("proposal", ["let n = items[0;", "}", "let = ;", "fn (", "match { => }", ") + 1"])
def test_what_breaks_the_syntax_is_refused(proposal: str):
    assert not keeps_syntax(BEFORE, proposal, AFTER)


def test_a_line_that_is_half_typed_can_be_finished():
    assert keeps_syntax(f"{BEFORE}let n = ", "items[0];", AFTER)
    assert not keeps_syntax(f"{BEFORE}let n = ", "items[0;", AFTER)


UNFINISHED = "fn main() {\n    let total = add(1, 2);\n    let other = ad"


@pytest.mark.parametrize("proposal", [") }} struct", "))", "ad]", "= = ;", "d(1]", "}"])
def test_what_is_half_typed_excuses_no_break(proposal: str):
    assert not keeps_syntax(UNFINISHED, proposal, "\n}\n")


@pytest.mark.parametrize(
    "proposal", ["d(total, 3);", "d(total,", "d", "d(|x| {", "dition +", "d::<u8>(", "; // ends"]
)
def test_what_is_half_typed_may_go_on(proposal: str):
    assert keeps_syntax(UNFINISHED, proposal, "\n}\n")


@pytest.mark.parametrize("head", ["pub fn lo", "struct Po", "impl Fo", "const LI", "enum Ki", "use std::fm"])
def test_an_item_that_has_only_begun_excuses_no_break(head: str):
    assert keeps_syntax(f"fn a() {{}}\n\n{head}", "x", "\n\nfn b() {}\n")
    assert not keeps_syntax(f"fn a() {{}}\n\n{head}", "]) fn", "\n\nfn b() {}\n")


def test_a_bracket_may_be_closed_that_is_open():
    assert keeps_syntax("fn a() { f(&[1, (2", ")]); }", "")
    assert not keeps_syntax("fn a() { f(&[1, (2", "]); }", "")
    assert keeps_syntax('fn a() { f("a (', 'b) ]"); }', "")


def test_an_error_elsewhere_in_the_item_is_not_held_against_a_proposal():
    assert keeps_syntax("fn a() {\n    let x = = 2;\n    ", "let y = 3;", "\n}\n")


def test_what_cannot_be_parsed_says_nothing_but_a_proposal_may_not_make_it_so():
    assert keeps_syntax("fn a() { " + "(" * 3_000, "x", ")" * 3_000 + " }")
    assert not keeps_syntax(BEFORE, "(" * 2_000 + ")" * 2_000, AFTER)
    assert not keeps_syntax(BEFORE, "x;" * 2_500, AFTER)


@given(st.text(max_size=40), st.text(max_size=20), st.text(max_size=40))
def test_no_text_breaks_the_gate(before: str, proposal: str, after: str):
    keeps_syntax(before, proposal, after)
    assert proposal.startswith(drop_overlap_with_suffix(proposal, after))
    assert "\n" not in trim_to_line(proposal)


def test_a_proposal_ends_with_its_line():
    assert trim_to_line("let a = 1;  \r\nlet b = 2;") == "let a = 1;"
    assert trim_to_line("\nnext") == ""


@pytest.mark.parametrize(
    ("proposal", "after", "kept"),
    [
        ("a, b)", ");\n", "a, b"),
        ("f(a)", ")", "f(a)"),
        ("f(a));", ");", "f(a)"),
        ("count + 1;", " + 1;", "count"),
        ("count", "\ncount", "count"),
        ("x", "", "x"),
    ],
)
def test_what_stands_after_the_cursor_is_not_said_again(proposal: str, after: str, kept: str):
    assert drop_overlap_with_suffix(proposal, after) == kept


def test_brackets_in_strings_and_comments_are_not_open():
    assert unclosed('f(|x| { g["(", \'(\', r#"["#] /* ( */ // (') == "})"
    assert unclosed("fn f<'a>(x: &'a str) {") == "}"
