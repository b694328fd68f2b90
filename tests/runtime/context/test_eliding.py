"""Shortened items still parse, are never longer than what is written, and keep what a caller needs."""

from hypothesis import given
from hypothesis import strategies as st

from rust_ai_ide.runtime.context.eliding import LONGEST_LIST, first_sentence
from rust_ai_ide.runtime.context.extracting import extract
from rust_ai_ide.source.syntax.parsing import parse_rust

SOURCE = b"""\
//! Stacks of things. More of them.

use std::fmt;

/// A stack. It grows.
///
/// # Examples
#[derive(Clone, Debug)]
#[serde(default)]
pub struct Stack<T> {
    /// What is in it.
    items: Vec<T>, // not sorted
}

impl<T: fmt::Debug> Stack<T>
where
    T: Clone,
{
    /// Puts one on top.
    pub fn push(
        &mut self,
        item: T,
    ) -> usize {
        self.items.push(item);
        self.items.len()
    }
}

impl<T> fmt::Display for Stack<T> {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result { write!(f, "a stack") }
}

pub(crate) trait Grow { fn grow(&mut self) { panic!() } const BY: usize; }
const TABLE: [u8; 26] = *b"abcdefghijklmnopqrstuvwxyz, and so on";
macro_rules! stack { ($($item:expr),*) => { Stack::of(vec![$($item),*]) }; }
"""

LETTERS = st.sampled_from(["a", "Bc", "d_e", "é"])
TYPES = st.sampled_from(["u8", "Vec<u8>", "&'static str", "(u8, [u8; 2])", "Option<Box<dyn Fn(u8) -> u8>>"])
COMMENTS = st.sampled_from(
    ["", "/// Doc {\n", "// note }\n", "/* a */ ", "/** b\n * c */\n", "#[allow(dead_code)]\n", "\r\n", "  "]
)
BODIES = st.sampled_from(
    ["{}", "{ 1 }", '{ let s = "}{ //"; s.len(); loop { break } }', "{ match 1 { _ => { '}' } } }"]
)
FUNCTION = st.builds(
    "{c}pub fn {n}<T: Copy>({c2}a: {t},\n  b: T,{c3}) -> {t} {b}\n".format_map,
    st.fixed_dictionaries(
        {"c": COMMENTS, "n": LETTERS, "c2": COMMENTS, "t": TYPES, "c3": COMMENTS, "b": BODIES}
    ),
)
FIELDS = st.lists(
    st.builds("{c}{n}: {t},\n".format_map, st.fixed_dictionaries({"c": COMMENTS, "n": LETTERS, "t": TYPES})),
    max_size=60,
).map("".join)
ITEM = st.one_of(
    FUNCTION,
    st.builds("{0}pub struct S {{\n{1}}}\n".format, COMMENTS, FIELDS),
    st.builds("{0}enum E {{ {1}A, B(u8), C {{ x: u8 }} }}\n".format, COMMENTS, COMMENTS),
    st.builds(
        "{0}pub trait T: Sized {{\n{1}{2}fn d(&self);\n}}\n".format,
        COMMENTS,
        FUNCTION.map(lambda f: f.replace("pub fn", "fn")),
        COMMENTS,
    ),
    st.builds(
        "{0}impl<'a> T for S<'a> {{\n{1}}}\n".format,
        COMMENTS,
        FUNCTION.map(lambda f: f.replace("pub fn", "fn")),
    ),
    st.builds("{0}const C: {1} = [{2}];\n".format, COMMENTS, TYPES, st.integers(0, 40).map("1, ".__mul__)),
    st.builds("{0}macro_rules! m {{ ($a:expr) => {1}; () => {{}} }}\n".format, COMMENTS, BODIES),
)


def parses(text: str) -> bool:
    return not parse_rust(text.encode()).root_node.has_error


def signatures(source: bytes) -> dict[str, str]:
    return {one.name or one.kind: one.signature for one in extract(source, "rust").definitions}


def test_items_keep_their_heads_and_lose_their_bodies():
    found = signatures(SOURCE)
    assert found["push"] == "pub fn push(&mut self, item: T) -> usize { .. }"
    assert found["Stack"] == "#[derive(Clone, Debug)]\npub struct Stack<T> {\n    items: Vec<T>,\n}"
    assert found["fmt::Display for Stack<T>"] == "impl<T> fmt::Display for Stack<T> {}"
    assert found["Grow"] == "pub(crate) trait Grow { fn grow(&mut self) { .. } const BY: usize; }"
    assert found["TABLE"] == "const TABLE: [u8; 26] = ..;"
    assert found["stack"] == "macro_rules! stack { ($($item:expr),*) => { .. }; }"
    assert found["use"] == "use std::fmt;"
    assert found["doc"] == "//! Stacks of things."


def test_members_know_where_they_belong():
    push = next(one for one in extract(SOURCE, "rust").definitions if one.name == "push")
    assert push.container == "impl<T: fmt::Debug> Stack<T> where T: Clone,"
    assert (push.owner, push.doc, push.is_public, push.of_trait) == ("Stack", "Puts one on top.", True, False)
    assert SOURCE[push.start : push.end].startswith(b"/// Puts")
    assert (push.first_line, push.last_line) == (19, 26)


def test_a_long_list_loses_its_end():
    fields = "".join(f"    field_{n}: u8,\n" for n in range(500))
    short = signatures(f"struct Wide {{\n{fields}}}\n".encode())["Wide"]
    assert "field_0: u8" in short
    assert len(short) < LONGEST_LIST + 100
    assert parses(short)


def test_items_inside_a_macro_are_found():
    found = signatures(b"cfg_rt! {\n    /// Runs.\n    pub fn run(a: u8) { start(a); }\n}\n")
    assert found["run"] == "pub fn run(a: u8) { .. }"


@given(st.lists(ITEM, max_size=6).map("\n".join))
def test_what_parses_still_parses_and_is_never_longer(text: str):
    source = text.encode()
    is_sound = parses(text)
    for one in extract(source, "rust").definitions:
        assert len(one.signature) + len(one.doc) <= len(source[one.start : one.end].decode())
        if is_sound and one.signature:
            container = f"{one.container} {{\n{one.signature}\n}}" if one.container else one.signature
            assert parses(container), container


@given(st.binary(max_size=300))
def test_no_bytes_break_the_extraction(source: bytes):
    for one in extract(source, "rust").definitions:
        assert 0 <= one.start <= one.end <= len(source)
    assert bool(extract(source, "rust").problem) == (b"\0" in source)


@given(st.text(max_size=300))
def test_a_sentence_of_documentation_is_one_short_line(text: str):
    sentence = first_sentence(text)
    assert len(sentence) <= min(160, len(text))
    assert len(sentence.splitlines()) <= 1
