"""The rules about `if`, `else`, `return` and conditions: what they report, what they leave alone, and their fixes."""

import pytest

from rust_ai_ide.review.findings import Severity
from tests.review.mended import found, mended, mended_in_function


@pytest.mark.parametrize(
    ("written", "wanted"),
    [
        ("if a { if b { c(); } }", "if a && b { c(); }"),
        ("if a || b { if c { d(); } }", "if (a || b) && c { d(); }"),
        ("if a { (if b { c(); }) }", "if a { (if b { c(); }) }"),
        ("if a {\n    if b {\n        c();\n    }\n}", "if a && b {\n    c();\n}"),
        ('if a {\n    if b {\n        c(r"\n    ");\n    }\n}', 'if a && b {\n        c(r"\n    ");\n    }'),
        ("if a { if b { c(); } else { d(); } }", "if a { if b { c(); } else { d(); } }"),
        ("if a { if b { c(); } d(); }", "if a { if b { c(); } d(); }"),
        ("if a { /* why */ if b { c(); } }", "if a { /* why */ if b { c(); } }"),
        ("if a { if b { c(); } /* why */ }", "if a { if b { c(); } /* why */ }"),
        ("if a { #[cfg(unix)] if b { c(); } }", "if a { #[cfg(unix)] if b { c(); } }"),
    ],
)
def test_nested_conditions_are_joined(written: str, wanted: str) -> None:
    assert mended_in_function("collapsible_if", written) == wanted


def test_conditions_with_let_count_fully_only_where_the_edition_shows() -> None:
    nested = "fn f() { if let Some(a) = b { if a { c(); } } }"
    (finding,) = found("collapsible_if", nested)
    assert (finding.severity, finding.confidence, finding.fix) == (Severity.INFO, 0.5, ())
    evident = nested + "\nfn g() { if a && let Some(b) = c { d(); } }"
    assert "if let Some(a) = b && a { c(); }" in mended("collapsible_if", evident)
    quoted = nested + "\nfn g() { quote!(if a && let Some(b) = c { d(); }) }"
    assert not found("collapsible_if", quoted)[0].fix


@pytest.mark.parametrize(
    ("written", "wanted"),
    [
        ("if a { b() } else { if c { d() } }", "if a { b() } else if c { d() }"),
        ("if a { b() }else{if c { d() }}", "if a { b() }else if c { d() }"),
        ("if a { b() } else {\n    if c {\n        d()\n    }\n}", "if a { b() } else if c {\n    d()\n}"),
        ("if a { b() } else { /* why */ if c { d() } }", "if a { b() } else { /* why */ if c { d() } }"),
        (
            "if a { if b { 1 } else { 2 } } else { if c { 3 } else { 4 } }",
            "if a { if b { 1 } else { 2 } } else { if c { 3 } else { 4 } }",
        ),
    ],
)
def test_an_else_with_an_if_becomes_one(written: str, wanted: str) -> None:
    assert mended_in_function("collapsible_else_if", written) == wanted


@pytest.mark.parametrize(
    ("written", "wanted"),
    [
        ("if a { break; } else { b(); }", "if a { break; }\nb();"),
        ("if a { return; } else { b() }\nc();", "if a { return; }\nb();\nc();"),
        ("if a { break; } else { b() }\n// last", "if a { break; }\nb()\n// last"),
        (
            "if a { panic!() } else if b { continue } else { c() }",
            "if a { panic!() } else if b { continue }\nc()",
        ),
        (
            "if a {\n    return;\n} else {\n    // why\n    b();\n}",
            "if a {\n    return;\n}\n// why\nb();",
        ),
        ("if a { return; } else { b(); // why\n}", "if a { return; }\nb(); // why"),
        ("if a { if b { break } else { panic!() } } else { c() }", "if a { if b { break }\npanic!() }\nc()"),
        (
            "if a { match b { 1 => break, _ => return } } else { d() }",
            "if a { match b { 1 => break, _ => return } }\nd()",
        ),
        ("if a { b() } else { return; }", "if a { b() } else { return; }"),
        ("let x = if a { return; } else { 1 };", "let x = if a { return; } else { 1 };"),
        ("if a { if b { return; } } else { c() }", "if a { if b { return; } } else { c() }"),
        (
            "if a { match b { 1 => return, _ => c() } } else { d() }",
            "if a { match b { 1 => return, _ => c() } } else { d() }",
        ),
    ],
)
def test_code_after_a_branch_that_leaves_needs_no_else(written: str, wanted: str) -> None:
    head, tail = "loop {\n", "\n}"
    assert mended_in_function("redundant_else", head + written + tail) == head + wanted + tail


def test_the_last_branches_of_a_function_are_left_to_the_rule_about_returns() -> None:
    source = "fn f() -> u8 { if a { return 1; } else { return 2; } }"
    (finding,) = found("redundant_else", source)
    assert not finding.fix
    assert mended("needless_return", source) == "fn f() -> u8 { if a { 1 } else { 2 } }"


def test_an_else_whose_names_others_would_see_is_reported_without_a_fix() -> None:
    for body in (
        "if a { return; } else { let b = 1; c(b); }\nd(b);",
        "if a { return; } else /* why */ { b() }",
    ):
        (finding,) = found("redundant_else", f"fn f() {{ {body} }}")
        assert not finding.fix


@pytest.mark.parametrize(
    ("written", "wanted"),
    [
        ("return a;", "a"),
        ("return a;; ;", "a"),
        ("a();\nreturn;", "a();"),
        ("if a { return b; } else { return c; }", "if a { b } else { c }"),
        ("if a { return b; } else { return c; };", "if a { b } else { c }"),
        ("match a { 1 => return b, _ => { return c } }", "match a { 1 => b, _ => { c } }"),
        ("match a { 1 => return, _ => {} }", "match a { 1 => (), _ => {} }"),
        ("unsafe { return a; }", "unsafe { a }"),
        ("return if a { 1 } else { 2 } | b;", "(if a { 1 } else { 2 } | b)"),
        ("return if a { 1 } else { 2 };", "if a { 1 } else { 2 }"),
        ("let f = |a| return a;", "let f = |a| a;"),
        ("let f = || { return a; };", "let f = || { a };"),
        ("return /* why */ a;", "return /* why */ a;"),
        ("return a /* why */;", "return a /* why */;"),
        ("match a { 1 => 2, 2 => return, _ => 0 };", "match a { 1 => 2, 2 => return, _ => 0 };"),
        ("let Some(a) = b else { return };", "let Some(a) = b else { return };"),
        ("#[cfg(unix)]\nreturn a;", "#[cfg(unix)]\nreturn a;"),
        ("return a.borrow().clone();", "return a.borrow().clone();"),
        ("return a.lock().unwrap().len();", "return a.lock().unwrap().len();"),
        ("'a: { return b; }", "'a: { return b; }"),
        ("loop { return a; }", "loop { return a; }"),
        ("if (if a { return b } else { c }) { d }", "if (if a { return b } else { c }) { d }"),
    ],
)
def test_the_last_return_goes(written: str, wanted: str) -> None:
    assert mended_in_function("needless_return", written) == wanted


@pytest.mark.parametrize(
    ("written", "wanted"),
    [
        ("if a { true } else { false }", "a"),
        ("if a { false } else { true }", "!a"),
        ("if a == b { false } else { true }", "a != b"),
        ("if a && b { false } else { true }", "!(a && b)"),
        ("if !a { false } else { true }", "a"),
        ("if a { return true; } else { return false; }", "return a;"),
        ("let x = !if a || b { true } else { false };", "let x = !(a || b);"),
        ("if a { 1 } else if b { true } else { false }", "if a { 1 } else { b }"),
        ("if a { return true; }\nfalse", "a"),
        ("if a < b { return Ok(false); }\nOk(true)", "Ok(!(a < b))"),
        ("if a { true } else { /* why */ false }", "if a { true } else { /* why */ false }"),
        ("if let Some(1) = a { true } else { false }", "if let Some(1) = a { true } else { false }"),
        ("if a { return make(true); }\nmake(false)", "if a { return make(true); }\nmake(false)"),
        (
            "if a { return true; }\nif b { return true; }\nfalse",
            "if a { return true; }\nif b { return true; }\nfalse",
        ),
        ("if a { return true; }\n// why\nfalse", "if a { return true; }\n// why\nfalse"),
    ],
)
def test_a_condition_is_its_own_value(written: str, wanted: str) -> None:
    assert mended_in_function("needless_bool", written) == wanted


def test_many_early_returns_take_no_time() -> None:
    guards = "if a { return true; }\n" * 5_000
    assert not found("needless_bool", f"fn f() -> bool {{ {guards} false }}")


def test_a_literal_on_both_ways_is_reported_without_a_fix() -> None:
    (finding,) = found("needless_bool", "fn f() -> bool { if a() { true } else { true } }")
    assert not finding.fix


@pytest.mark.parametrize(
    ("written", "wanted"),
    [
        ("a == true", "a"),
        ("false == a.b()", "!a.b()"),
        ("(a < b) == false", "!(a < b)"),
        ("a + b != true", "!(a + b)"),
        ("!a == false", "a"),
        ("a < true", "!a"),
        ("false < a", "a"),
        ("a > b == true", "a > b"),
        ("cfg!(unix) == true", "cfg!(unix) == true"),
        ('json["key"] == true', 'json["key"] == true'),
        ("Foo == true", "Foo == true"),
        ("true == false", "true == false"),
        ("a && true", "a && true"),
        ("a /* why */ == true", "a /* why */ == true"),
    ],
)
def test_comparisons_with_literals_are_conditions(written: str, wanted: str) -> None:
    assert mended_in_function("bool_comparison", f"g({written});") == f"g({wanted});"
