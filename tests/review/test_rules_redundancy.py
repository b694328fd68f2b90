"""The rules about words and signs that say nothing: what they report, what they leave alone, and their fixes."""

import pytest

from tests.review.mended import found, mended, mended_in_function


@pytest.mark.parametrize(
    ("written", "wanted"),
    [
        ("g(((a + b)) * c);", "g((a + b) * c);"),
        ("g((a));", "g(a);"),
        ("let a = ((1, 2));", "let a = (1, 2);"),
        ("let a = (());", "let a = ();"),
        ("assert_eq!(((1, 2)), a);", "assert_eq!((1, 2), a);"),
        ("g((1, 2));", "g((1, 2));"),
        ("g((a), b);", "g((a), b);"),
        ("((/* why */ a));", "((/* why */ a));"),
        ("dsl!(((a)), b);", "dsl!(((a)), b);"),
        ("assert_eq!(-((a)), b);", "assert_eq!(-((a)), b);"),
        ("assert!((a));", "assert!((a));"),
    ],
)
def test_one_pair_of_parentheses_is_enough(written: str, wanted: str) -> None:
    assert mended_in_function("double_parens", written) == wanted


def test_what_a_definition_writes_counts_where_it_is_an_expression() -> None:
    head, tail = "macro_rules! m { ($($a:expr),*) => { ", " } }"
    for written, wanted in (
        ("let a = ((5));", "let a = (5);"),
        ("g((5))", "g(5)"),
        ("g(($($a),*))", "g(($($a),*))"),
        ("g((5, 6))", "g((5, 6))"),
        ("g(-(5))", "g(-(5))"),
        ("dsl! { a ((5)) }", "dsl! { a ((5)) }"),
        ("a: (((Type))),", "a: (((Type))),"),
    ):
        assert mended("double_parens", head + written + tail) == head + wanted + tail


@pytest.mark.parametrize(
    ("written", "wanted"),
    [
        ("const A: &'static str = b;", "const A: &str = b;"),
        ("static A: &'static [&'static str] = b;", "static A: &[&str] = b;"),
        ("impl A { const B: &'static str = c; }", "impl A { const B: &'static str = c; }"),
        ("const A: fn(&'static str) = b;", "const A: fn(&'static str) = b;"),
    ],
)
def test_constants_need_no_static(written: str, wanted: str) -> None:
    assert mended("redundant_static_lifetimes", written) == wanted


@pytest.mark.parametrize(
    "asked",
    ["a.len() == 0", "a.b.len() > 0", "0 == a.len()", "0 < a.len()", "1 > a.len()", "1 <= a.len()"],
)
def test_asking_for_nothing_is_reported_without_a_fix(asked: str) -> None:
    (finding,) = found("len_zero", f"fn f() {{ g({asked}); }}")
    assert not finding.fix


@pytest.mark.parametrize(
    "asked",
    ["1 < a.len()", "a.len() > 1", "0 > a.len()", "file.len() == 0", "a.iter().len() == 0", "len(a) == 0"],
)
def test_asking_for_another_length_is_right(asked: str) -> None:
    assert not found("len_zero", f"fn f() {{ g({asked}); }}")


@pytest.mark.parametrize(
    ("written", "wanted"),
    [
        ("1 << a - 1", "1 << (a - 1)"),
        ("a + 1 << b * 2", "(a + 1) << (b * 2)"),
        ("a & b % c", "a & (b % c)"),
        ("a << 1 | b", "a << 1 | b"),
        ("a & b << 4", "a & b << 4"),
        ("a + b * c", "a + b * c"),
        ("a[1..&b - 1]", "a[1..&b - 1]"),
        ("|a: A| -> B { c }.d()", "(|a: A| -> B { c }).d()"),
    ],
)
def test_arithmetic_beside_bits_gets_parentheses(written: str, wanted: str) -> None:
    assert mended_in_function("precedence", f"g({written});") == f"g({wanted});"


def test_an_underscore_is_no_type_worth_writing() -> None:
    assert mended_in_function("let_with_type_underscore", "let a: _ = b;") == "let a = b;"
    assert not found("let_with_type_underscore", "fn f() { let a: Vec<_> = b; }")
    assert mended_in_function("let_with_type_underscore", "let a: /* why */ _ = b;") == (
        "let a: /* why */ _ = b;"
    )


def test_a_field_named_like_its_value_says_it_once() -> None:
    assert (
        mended_in_function("redundant_field_names", "S { a: a, b: c, d: d() };") == "S { a, b: c, d: d() };"
    )
    assert mended_in_function("redundant_field_names", "S { a: /* why */ a };") == "S { a: /* why */ a };"
