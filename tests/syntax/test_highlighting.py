"""Highlighting gives flat, sorted spans of the right kinds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rust_ai_ide.source.syntax.highlighting import KINDS, Highlight, highlight
from rust_ai_ide.source.syntax.parsing import NotAnalysable

RUST = rb"""//! Inner.
/// Doc of it.
#[derive(Debug)]
pub struct Point<'a> { x: f64, name: &'a str }
// plain
impl Point<'_> { fn show(&self) -> String { let n = 0x1F; println!("a\n{}", self.x); helper(n, true) } }
const LIMIT: usize = 1_000;
"""


def spans(source: bytes, language: str = "rust") -> dict[str, set[bytes]]:
    found: dict[str, set[bytes]] = {}
    result = highlight(source, language)
    for start, end, kind in zip(result.starts, result.ends, result.kinds, strict=True):
        found.setdefault(KINDS[kind], set()).add(source[start:end])
    return found


def test_rust_is_coloured_by_kind() -> None:
    found = spans(RUST)
    assert {b"pub", b"struct", b"impl", b"fn", b"let", b"const", b"self"} <= found["keyword"]
    assert {b"//! Inner.", b"/// Doc of it."} == found["doc"]
    assert found["comment"] == {b"// plain"}
    assert {b"Point", b"f64", b"String", b"usize"} <= found["type"]
    assert {b"show", b"helper"} <= found["function"]
    assert b"println" in found["macro"]
    assert {b"0x1F", b"1_000"} == found["number"]
    assert {b"LIMIT", b"true"} <= found["constant"]
    assert b"\\n" in found["escape"]
    assert b'"a' in found["string"]
    assert found["lifetime"] == {b"'a", b"'_"}
    assert b"x" in found["property"]


def test_toml_is_coloured_by_kind() -> None:
    found = spans(b'[package] # note\nname = "x"\nedition = 2021\nok = true\n', "toml")
    assert found["namespace"] == {b"package"}
    assert found["comment"] == {b"# note"}
    assert found["string"] == {b'"x"'}
    assert found["number"] == {b"2021"}
    assert {b"name", b"edition", b"ok"} == found["property"]


def check(source: bytes, result: Highlight) -> None:
    at = 0
    for start, end, kind in zip(result.starts, result.ends, result.kinds, strict=True):
        assert at <= start < end <= len(source)
        assert kind < len(KINDS)
        at = end


@given(st.binary(max_size=300))
def test_spans_of_any_bytes_are_sorted_and_in_bounds(source: bytes) -> None:
    for language in ("rust", "toml"):
        try:
            result = highlight(source, language)
        except NotAnalysable:
            continue
        check(source, result)


@given(st.integers(0, len(RUST)), st.integers(0, len(RUST)), st.text(max_size=5))
def test_spans_of_changed_code_are_sorted_and_in_bounds(one: int, other: int, put: str) -> None:
    start, end = sorted((one, other))
    source = RUST[:start] + put.replace("\0", "").encode() + RUST[end:]
    check(source, highlight(source, "rust"))


def test_a_highlight_survives_being_stored() -> None:
    result = highlight(RUST, "rust")
    assert Highlight.from_bytes(result.to_bytes()) == result
    assert len(result) > 30


@pytest.mark.parametrize("cut", [0, 3, 8, 20, -1])
def test_a_damaged_highlight_is_refused(cut: int) -> None:
    with pytest.raises(ValueError, match="not a stored highlight"):
        Highlight.from_bytes(highlight(RUST, "rust").to_bytes()[:cut])
