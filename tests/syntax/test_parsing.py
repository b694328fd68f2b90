"""The parser refuses what would harm it, and nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rust_ai_ide.source.syntax import language_of
from rust_ai_ide.source.syntax.parsing import (
    MAX_BYTES,
    NestedTooDeeply,
    NotAnalysable,
    NotText,
    SourceTooLarge,
    TookTooLong,
    parse,
    parse_rust,
)


def test_ordinary_code_has_a_tree() -> None:
    assert parse_rust(b"fn main() {}\n").root_node.type == "source_file"
    assert parse(b"a = 1\n", "toml").root_node.type == "document"


@pytest.mark.parametrize(
    "deep",
    [
        b"fn f() { " + b"(" * 20_000 + b")" * 20_000 + b" }",
        b"fn f() { " + b"!" * 20_000 + b"x; }",
        b"fn f() { x" + b" + x" * 20_000 + b"; }",
        b"fn f() { x" + b".f()" * 20_000 + b"; }",
        b"fn f() " + b"{" * 20_000 + b"}" * 20_000,
        b"type A = " + b"Vec<" * 5_000 + b"u8" + b">" * 5_000 + b";",
        b"fn f() { " + b"if a {} else " * 5_000 + b"{} }",
        b"fn f() { x" + b".f({ a; }, b)" * 2_000 + b"; }",
        b"fn f() { x" + b".f()" * 1_100 + b"; }" + b"fn f() {}\n" * 5_000,
    ],
    ids=[
        "parentheses",
        "negations",
        "sum",
        "calls",
        "braces",
        "generics",
        "else if",
        "closures",
        "among others",
    ],
)
def test_deep_nesting_is_refused(deep: bytes) -> None:
    with pytest.raises(NestedTooDeeply, match="1,000 levels"):
        parse_rust(deep)


def test_long_flat_code_is_not_taken_for_deep() -> None:
    numbers = b"const A: [u8; 20000] = [" + b"1, " * 20_000 + b"];\n"
    flat = b"// " + b"x" * 50_000 + b"\n" + numbers + b"fn f() {}\n" * 9_000
    assert not parse_rust(flat).root_node.has_error


def test_a_file_that_is_too_large_is_refused() -> None:
    with pytest.raises(SourceTooLarge, match="MB"):
        parse_rust(b" " * (MAX_BYTES + 1))
    assert parse_rust(b"\n" * MAX_BYTES)


def test_a_binary_file_is_refused() -> None:
    with pytest.raises(NotText, match="binary"):
        parse_rust(b"\x7fELF\0\0")


def test_bytes_that_are_not_utf8_are_parsed() -> None:
    assert parse_rust(b'fn f() { g("\xff\xfe"); }\n').root_node.type == "source_file"


def test_a_parse_that_takes_too_long_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rust_ai_ide.source.syntax.parsing.MAX_SECONDS", 0.05)
    with pytest.raises(TookTooLong):
        parse_rust(b'"' * 200_000)


@given(st.binary(max_size=400))
def test_no_bytes_break_the_parser(source: bytes) -> None:
    try:
        parse_rust(source)
    except NotAnalysable:
        assert b"\0" in source


def test_languages_are_told_by_name() -> None:
    assert language_of("src/lib.rs") == "rust"
    assert language_of("Cargo.toml") == language_of("a/Cargo.lock") == "toml"
    assert language_of("README.md") is None
    assert language_of("rs") is None
