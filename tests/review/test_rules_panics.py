"""The rules about what panics for some values of a parameter: what they report, and what they leave alone."""

import pytest

from tests.review.mended import found


@pytest.mark.parametrize(
    ("code", "count"),
    [
        ("pub fn f(a: u32, n: u32) -> u32 { a / n }", 1),
        ("pub fn f(a: i64, n: i64) -> i64 { a % n }", 1),
        ("fn f(a: u32, n: u32) -> u32 { a / n }", 0),
        ("pub fn f(a: f64, n: f64) -> f64 { a / n }", 0),
        ("pub fn f(a: u32) -> u32 { a / 2 }", 0),
        ("pub fn f(a: u32, n: u32) -> u32 { if n == 0 { return 0; } a / n }", 0),
        ("pub fn f(a: u32, n: u32) -> u32 { assert!(n > 0); a / n }", 0),
        ("pub fn f(a: u32, n: u32) -> u32 { let n = n.max(1); a / n }", 0),
        ("pub fn f(a: u32, n: u32) -> u32 { a / n.max(1) }", 0),
        ("/// # Panics\npub fn f(a: u32, n: u32) -> u32 { a / n }", 0),
        ("pub fn f(n: usize) { g(|a: usize| a / n); }", 0),
        ("pub fn f(a: u32, n: NonZeroU32) -> u32 { a / n }", 0),
    ],
)
def test_divisions_by_a_parameter(code: str, count: int) -> None:
    assert len(found("integer_division_by_parameter", code)) == count


@pytest.mark.parametrize(
    ("code", "count"),
    [
        ("fn f(s: &str, n: usize) -> &str { &s[..n] }", 1),
        ("fn f(s: &'a str) -> &'a str { &s[3..] }", 1),
        ("fn f(s: String) { g(&s[1..4]); }", 1),
        ("fn f(s: &str) -> &str { &s[..] }", 0),
        ("fn f(s: &str) -> &str { &s[0..] }", 0),
        ("fn f(s: &[u8], n: usize) -> &[u8] { &s[..n] }", 0),
        ("fn f(s: &str) -> &str { let n = place(); &s[..n] }", 0),
        ("fn f(s: &str) -> &str { if s.starts_with('a') { &s[1..] } else { s } }", 0),
        ("fn f(s: &str, n: usize) -> &str { if s.is_char_boundary(n) { &s[..n] } else { s } }", 0),
        ("fn f(s: &str) { let s = list(); g(&s[1..]); }", 0),
        ("#[allow(clippy::string_slice)]\nfn f(s: &str) -> &str { &s[1..] }", 0),
        ("fn f(s: &str) -> &str { let end = checked(s, 1)?; &s[1..end] }", 0),
        ("fn f(s: &str) -> &str { if index_of(s, X) == Some(0) { &s[1..] } else { s } }", 0),
        ("fn f(s: &str) -> Ident { Ident::new(&s[1..]) }", 1),
    ],
)
def test_cuts_of_strings(code: str, count: int) -> None:
    assert len(found("string_slice", code)) == count
