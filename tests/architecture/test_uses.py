import pytest
from hypothesis import given
from hypothesis import strategies as st

from rust_ai_ide.architecture.facts import decode, encode
from rust_ai_ide.architecture.uses import extract


def paths(source: str) -> set[tuple[str, str, str]]:
    return {(use.kind, "::".join(use.path), use.binds) for use in extract(source.encode()).uses}


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("use a::b;", {("use", "a::b", "b")}),
        ("use a::b as c;", {("use", "a::b", "c")}),
        ("use a::b as _;", {("use", "a::b", "")}),
        ("pub use a::*;", {("reexport", "a", "*")}),
        ("pub(in crate::x) use a::b;", {("reexport", "a::b", "b")}),
        ("use a::{self, b::{c, d as e}};",
         {("use", "a", "a"), ("use", "a::b::c", "c"), ("use", "a::b::d", "e")}),
        ("use {a::b, c};", {("use", "a::b", "b"), ("use", "c", "c")}),
        ("use ::a::b;", {("use", "::a::b", "b")}),
        ("use ::{a, b};", {("use", "::a", "a"), ("use", "::b", "b")}),
        ("use r#fn::r#mod;", {("use", "fn::mod", "mod")}),
        ("extern crate a as b;", {("extern", "::a", "b")}),
        ("fn f() { a::b::<c::D>(); }", {("path", "a::b", ""), ("path", "c::D", "")}),
        ("fn f(x: a::B<c::D>) {}", {("path", "a::B", ""), ("path", "c::D", "")}),
        ("fn f() { <T as m::Tr>::g() }", {("path", "m::Tr", "")}),
        ("fn f() { Vec::<u8>::new() }", set()),
        ("fn f() { vec![crate::q::z, $crate::y::w] }",
         {("path", "crate::q::z", ""), ("path", "crate::y::w", "")}),
        ('fn f() { m!("not::a::path") }', set()),
        ("#[derive(serde::Serialize)] struct S;", {("path", "serde::Serialize", "")}),
        ("cfg_net! { pub use tcp::T; }", {("reexport", "tcp::T", "T")}),
        ("// use a::b;\n", set()),
    ],
)  # fmt: skip
def test_paths_that_a_file_uses(source: str, found: set[tuple[str, str, str]]) -> None:
    assert paths(source) == found


def test_modules_scopes_and_tests() -> None:
    facts = extract(
        b'#[cfg(test)]\nmod tests { use super::*; }\n#[path = "x/y.rs"] pub mod r#type;\n'
        b"mod outer { mod inner { fn f() { crate::a::b() } } mod far; }\n"
        b"#[cfg(not(test))] mod real;\n"
        b"cfg_if! { if #[cfg(unix)] { mod unix; } else { mod other; } }\n"
    )
    assert {(m.name, m.scope, m.is_inline, m.is_test, m.in_macro, m.path) for m in facts.modules} == {
        ("tests", (), True, True, False, None),
        ("type", (), False, False, False, "x/y.rs"),
        ("outer", (), True, False, False, None),
        ("inner", ("outer",), True, False, False, None),
        ("far", ("outer",), False, False, False, None),
        ("real", (), False, False, False, None),
        ("unix", (), False, False, True, None),
        ("other", (), False, False, True, None),
    }
    uses = {"::".join(use.path): use for use in facts.uses}
    assert uses["super"].is_test
    assert uses["super"].scope == ("tests",)
    assert uses["crate::a::b"].scope == ("outer", "inner")
    assert uses["crate::a::b"].is_local
    assert [(item.scope, item.name) for item in facts.items] == [(("outer", "inner"), "f")]


DEEP = b"fn f() { " + b"(" * 5000 + b")" * 5000 + b" }"


def test_what_cannot_be_analysed_says_why() -> None:
    assert extract(DEEP).problem
    assert extract(b"\0").problem
    assert extract(b"").problem == ""


PIECES = st.sampled_from(
    [
        "macro_rules! m { ($a:ident) => { ",
        "$a",
        "$(",
        ")*",
        "use ",
        "a",
        "::",
        "{",
        "}",
        ";",
        "mod x",
        "r#fn",
        "*",
        " as ",
        "m! {",
        "#[cfg(test)]",
        "crate",
        "é",
        "\n",
        "(",
        "'",
    ]
)


@given(st.lists(PIECES, max_size=40))
def test_any_source_has_facts_that_can_be_stored(pieces: list[str]) -> None:
    facts = extract("".join(pieces).encode())
    assert decode(encode(facts)) == facts
