"""The rules about numbers that lose digits: what they report, and what they leave alone."""

import pytest

from tests.review.mended import found


@pytest.mark.parametrize(
    ("code", "count"),
    [
        ("fn f(v: &[u8]) { out.push(v.len() as u8); }", 1),
        ("fn f(v: &[u8]) { out.write_u16(v.len() as u16 + 2); }", 1),
        ("fn f(v: &[u8]) { out.extend((v.len() as u16).to_be_bytes()); }", 1),
        ("pub fn f(n: u64) -> u16 { n as u16 }", 1),
        ("pub fn f(n: u32) -> i16 { n as i16 }", 1),
        ("fn f(n: u32) -> i16 { n as i16 }", 0),
        ("fn f(v: &[u8]) { let n = v.len() as u8; }", 0),
        ("fn f(v: &[u8]) { out.push(v.len() as u32); }", 0),
        ("pub fn f(n: u64) -> u32 { n as u32 }", 0),
        ("pub fn f(n: u16) -> u32 { n as u32 }", 0),
        ("pub fn f(n: u8) -> i8 { n as i8 }", 0),
        ("pub fn f(n: f64) -> u8 { n as u8 }", 0),
        ("pub fn f(n: u64) -> u8 { (n & 0xff) as u8 }", 0),
        ("pub fn f(n: u16) -> [u8; 2] { [(n >> 8) as u8, n as u8] }", 0),
        ("pub fn f(n: u16) -> u8 { assert!(n < 256); n as u8 }", 0),
        ("pub fn f(n: u16) -> u8 { let n = g(n); n as u8 }", 0),
        ("fn f(v: &[u8]) { if v.len() > 255 { return; } out.push(v.len() as u8); }", 0),
        ("fn f(v: &[u8]) { for part in v.chunks(255) { out.push(part.len() as u8); } }", 0),
        ("fn f(c: char) { out.push(c.encode_utf8(&mut [0; 4]).len() as u8); }", 0),
        ("fn f() { out.push(NAMES.len() as u8); }", 0),
        ("#[allow(clippy::cast_possible_truncation)]\npub fn f(n: u16) -> u8 { n as u8 }", 0),
    ],
)
def test_casts_to_fewer_bits(code: str, count: int) -> None:
    assert len(found("cast_possible_truncation", code)) == count
