"""The rules about memory taken for nothing: what they report, and what they leave alone."""

import pytest

from rust_ai_ide.review.findings import Severity
from tests.review.mended import found


@pytest.mark.parametrize(
    ("code", "count"),
    [
        ("fn f(a: &Vec<u8>) { a.len(); }", 1),
        ("fn f(a: &String) { println!(b); }", 1),
        ("fn f(a: &PathBuf) { a.is_dir(); }", 1),
        ("fn f(a: &Vec<u8>) { a.capacity(); }", 0),
        ("fn f(a: &Vec<u8>) { unsafe { &*(a as *const Vec<u8> as *const Own) } }", 0),
        ("struct Vec<T> { a: T } fn f(a: &Vec<u8>) { a.b(); }", 0),
        ("pub struct Vec<T>(T);\nfn f(a: &Vec<u8>) { a.b(); }", 0),
        ("// self is of type String (see there)\nfn f(a: &String) { println!(b); }", 1),
        ("impl T for S { fn f(a: &Vec<u8>) { a.len(); } }", 0),
    ],
)
def test_parameters_that_ask_for_an_owner(code: str, count: int) -> None:
    assert len(found("ptr_arg", code)) == count


def test_what_to_take_instead_of_an_owner() -> None:
    for kind, better in (("Vec<u8>", "a slice `&[…]`"), ("String", "`&str`"), ("PathBuf", "`&Path`")):
        (finding,) = found("ptr_arg", f"fn f(a: &{kind}) {{ b(); }}")
        assert finding.suggestion == f"Take {better} instead."


@pytest.mark.parametrize(
    ("code", "count"),
    [
        ("struct S { a: Box<Vec<u8>> }", 1),
        ("struct S(Box<String>);", 1),
        ("fn f(a: Box<HashMap<u8, u8>>) {}", 1),
        ("fn f() -> Box<Vec<u8>> { a }", 1),
        ("struct S { a: Vec<Box<String>> }", 1),
        ("pub struct S { pub a: Box<Vec<u8>> }", 0),
        ("pub fn f(a: Box<Vec<u8>>) {}", 0),
        ("pub fn f() -> Box<Vec<u8>> { a }", 0),
        ("enum E { A(Box<Vec<u8>>), B { c: Box<String> } }", 0),
        ("struct S { a: Option<Box<Vec<u8>>> }", 0),
        ("fn f() { let a: Box<Vec<u8>> = b.downcast(); Box::<Vec<u8>>::default(); }", 0),
        ("struct S { a: Box<[u8]> }", 0),
    ],
)
def test_boxes_around_collections(code: str, count: int) -> None:
    assert len(found("box_collection", code)) == count


@pytest.mark.parametrize(
    ("body", "count"),
    [
        ('println!("{}", a.to_string());', 1),
        ('write!(f, "{} {}", b, &a.b.to_string()).unwrap();', 1),
        ('format!("{a}", a = b.to_string());', 1),
        ('format!(concat!("{}", "b"), a.to_string());', 1),
        ('format!("{{a: {}}}", a.to_string());', 1),
        ('println!("{:?}", a.to_string());', 0),
        ('println!("{:>8}", a.to_string());', 0),
        ('write!(f, "{}", match a { B => format!("{:?}", c.to_string()) });', 0),
        ('println!("{}", a.to_string().len());', 0),
        ("panic!(a, b.to_string());", 0),
    ],
)
def test_text_made_for_a_formatting_macro(body: str, count: int) -> None:
    assert len(found("to_string_in_format_args", f"fn f() {{ {body} }}")) == count


def test_a_method_of_the_same_name_may_be_all_there_is() -> None:
    code = 'impl S { fn to_string(&self) -> String { a } fn p(&self) { println!("{}", self.to_string()); } }'
    assert not found("to_string_in_format_args", code)


@pytest.mark.parametrize(
    ("code", "count"),
    [
        ("fn f() { a.entry(b).or_insert_with(Vec::new); }", 1),
        ("fn f() { a.unwrap_or_else(String::new); }", 1),
        ("fn f() { a.entry::<B>().or_insert_with(HashMap::new); }", 0),
        ("fn or_default(self) -> V { self.or_insert_with(Default::default) }", 0),
        (
            "impl E { pub fn or_insert_with(self) {} } fn f() { a.entry(b).or_insert_with(Default::default); }",
            0,
        ),
        ("fn f() { a.entry(b).or_insert_with(C::new); }", 0),
    ],
)
def test_default_values_spelled_out(code: str, count: int) -> None:
    assert len(found("unwrap_or_default", code)) == count


@pytest.mark.parametrize(
    ("code", "count"),
    [
        ('fn f(a: &mut String) { a.push_str("b"); }', 1),
        ('fn f() { let mut a = String::new(); a.push_str("\\n"); }', 1),
        ('fn f() { let mut a = format!("b"); a.push_str("b"); }', 1),
        ('struct S { a: String } fn f(&mut self) { self.a.push_str("b"); }', 1),
        ('fn f() { a.push_str("b"); }', 1),
        ('fn f(a: &mut Styled) { a.push_str("b"); }', 0),
        ("struct S<'a> { a: &'a mut Styled } fn f(&mut self) { self.a.push_str(\"b\"); }", 0),
        ('fn f() { let mut a = Styled::new(); a.push_str("b"); }', 0),
        ('fn g(a: &Other) {} fn f(a: &mut String) { a.push_str("b"); }', 1),
        ('fn f(a: &mut String) { a.push_str("bc"); }', 0),
    ],
)
def test_one_character_as_a_string(code: str, count: int) -> None:
    assert len(found("single_char_add_str", code)) == count


@pytest.mark.parametrize(
    ("body", "count"),
    [
        ("a.to_string().to_string()", 1),
        ("a.to_string().clone()", 1),
        ('format!("{a}").to_string()', 1),
        ("a.to_owned().to_owned()", 1),
        ("a.to_owned().to_string()", 0),
        ("a.clone().to_string()", 0),
    ],
)
def test_what_is_copied_at_once(body: str, count: int) -> None:
    assert len(found("repeated_conversion", f"fn f() {{ g({body}); }}")) == count


@pytest.mark.parametrize(
    ("code", "severities"),
    [
        ("fn f(a: &[u8]) { g(a.len() == 0); }", [Severity.WARNING]),
        ("fn f(a: Arc<Vec<u8>>) { g(a.len() == 0); }", [Severity.WARNING]),
        ("struct S { a: HashMap<u8, u8> } fn f(s: S) { g(s.a.len() == 0); }", [Severity.WARNING]),
        ("fn f() { let a = vec![1]; g(a.len() == 0); }", [Severity.WARNING]),
        ("fn f() { let a = b(); g(a.len() == 0); }", [Severity.INFO]),
        ("fn f(a: Span) { g(a.len() == 0); }", []),
        ("fn f(a: impl ExactSizeIterator<Item = u8>) { g(a.len() > 0); }", []),
        (
            "fn f(a: Own) { g(a.len() == 0); } impl Own { fn is_empty(&self) -> bool { b } }",
            [Severity.WARNING],
        ),
        ("fn f(&self) { g(self.len() == 0); }", []),
        ("fn f(a: &File) { g(a.metadata()?.len() == 0); }", []),
    ],
)
def test_lengths_of_what_is_known_to_be_a_collection(code: str, severities: list[Severity]) -> None:
    assert [finding.severity for finding in found("len_zero", code)] == severities
