"""The rules about comments and documentation: what they report, what they leave alone, and their fixes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rust_ai_ide.review.engine import examine
from tests.review.mended import found, mended

FUNCTION = "fn f() {}\n"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Calls read_line twice.", ["read_line"]),
        ("See a::b and (c::d).", ["a::b", "c::d"]),
        ("It is foo() or not.", ["foo()"]),
        ("A HashMap of Strings.", ["HashMap"]),
        ("mycrate::List's values", ["mycrate::List"]),
        ("Look at https://example.org/a_b.", ["https://example.org/a_b"]),
        ("Look at <https://example.org/a_b>.", []),
        ("`read_line` and ``a_b ` c_d`` here", []),
        ("[a_b](https://example.org) and [`c`](d_e.html)", []),
        ("[HashMap] of names", ["HashMap"]),
        ("\\[a_b\\]", ["a_b"]),
        ("Escaped\\_names", []),
        ("_emphasis_ and __more__", []),
        ("GitHub, JavaScript, NASA, IDs, OSes and IPv4", []),
        ("lowerCamel and a-b_c", []),
        ("a footnote[^some_name]", []),
        ("> a_b in a quote", []),
        ("<q>a_b</q>", []),
        ("# Title of a_b", ["a_b"]),
        ("größe_ä", ["größe_ä"]),
    ],
)
def test_names_of_code_in_documentation(text: str, words: list[str]) -> None:
    for source in (f"/// {text}\n{FUNCTION}", f"/** {text} */\n{FUNCTION}", f"//! {text}\n{FUNCTION}"):
        lines = source.split("\n")
        findings = found("doc_markdown", source)
        assert [
            lines[one.start_line - 1][one.start_column - 1 : one.end_column - 1] for one in findings
        ] == words


@pytest.mark.parametrize(
    "source",
    [
        "/// ```\n/// a_b\n/// ```\n",
        "/// ~~~~ text\n/// a_b\n/// ~~~\n/// a_b\n/// ~~~~\n",
        "/// - ```\n///   a_b\n///   ```\n",
        "/// Text.\n///\n///     let a_b = 1;\n",
        "/// [here][a_b].\n///\n/// [a_b]: https://example.org\n",
        "/// `a_b\n/// c_d`\n",
        "//// a_b\n",
        "// a_b\n",
        "/* a_b */\n",
        'const A: &str = "\n/// a_b\n";\n',
        '#[doc = "```"]\n/// a_b\n',
        "#[allow(clippy::doc_markdown)]\n/// a_b\n",
    ],
)
def test_what_is_no_text_is_left_out(source: str) -> None:
    assert not found("doc_markdown", source + FUNCTION)


def test_a_backtick_without_another() -> None:
    (finding,) = found("doc_markdown", "/// A `name that is\n/// not a_b closed.\n" + FUNCTION)
    assert (finding.start_line, finding.end_line) == (1, 2)
    assert not found("doc_markdown", "/// Escaped \\` is fine.\n" + FUNCTION)


def test_names_are_put_in_backticks() -> None:
    written = "/// Calls a_b, c::d() and [HashMap]; see http://example.org/a.\n" + FUNCTION
    wanted = "/// Calls `a_b`, `c::d()` and [`HashMap`]; see <http://example.org/a>.\n" + FUNCTION
    assert mended("doc_markdown", written) == wanted


@given(st.text(alphabet="`[]()<>\\_:#*- \n\tabAB'äß", max_size=60))
def test_any_documentation_is_read(text: str) -> None:
    source = "".join(f"/// {line}\n" for line in text.split("\n")) + FUNCTION
    for fact in examine(source.encode()).facts:
        assert fact.start_line <= fact.end_line <= source.count("\n") + 1


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ("/// One\n/// two\n\nfn f() {}\n", 2),
        ("/// One\n\n/// two\n\nfn f() {}\n", 1),
        ("/// One\n// fn old() {}\n\nfn f() {}\n", 1),
        ("/** One */\n\nfn f() {}\n", 1),
        ("/// One\n/* old */\n\nfn f() {}\n", 1),
        ("/// One\r\n\r\nfn f() {}\r\n", 1),
        ("/// One\n\n#[inline]\nfn f() {}\n", 1),
        ("/// One\n\nimpl S {}\n", 1),
        ("trait T {\n    /// One\n\n    fn f();\n}\n", 2),
        ("/// One\n", 0),
        ("/// One\nfn f() {}\n\nfn g() {}\n", 0),
        ("//! One\n\nfn f() {}\n", 0),
        ("// One\n\nfn f() {}\n", 0),
        ("//// One\n\nfn f() {}\n", 0),
        ("/// One\n/*\n\n*/\nfn f() {}\n", 0),
        ("/// One\n#[a(\n\n)]\nfn f() {}\n", 0),
        ("struct S {\n    /// One\n\n    a: A,\n}\n", 0),
        ('const A: &str = "\n/// One\n\nfn f() {}";\n', 0),
    ],
)
def test_empty_lines_after_documentation(source: str, line: int) -> None:
    assert [one.start_line for one in found("empty_line_after_doc_comments", source)] == [line] * bool(line)


def test_tabs_become_spaces() -> None:
    written = "///\tOne\t\ttwo\n\tfn f() {}\n"
    assert len(found("tabs_in_doc_comments", written)) == 2
    assert mended("tabs_in_doc_comments", written) == "///    One        two\n\tfn f() {}\n"
    assert not found("tabs_in_doc_comments", "// One\ttwo\n" + FUNCTION)
    assert not found("tabs_in_doc_comments", 'const A: &str = "\n/// a\tb\n";\n')


@pytest.mark.parametrize(
    ("code", "count"),
    [
        ("#[allow(dead_code)] fn f() {}", 1),
        ("#![expect(dead_code)]", 1),
        ('#[allow(dead_code, reason = "later")] fn f() {}', 0),
        ("#[warn(dead_code)] fn f() {}", 0),
        ('#[clippy::msrv = "1.80"] mod a { #[allow(dead_code)] fn f() {} }', 0),
        ('#[clippy::msrv = "1.81"] mod a { #[allow(dead_code)] fn f() {} }', 1),
        ('#![clippy::msrv = "1.60.0"]\n#[allow(dead_code)] fn f() {}', 0),
    ],
)
def test_allowed_lints_without_a_reason(code: str, count: int) -> None:
    assert len(found("allow_attributes_without_reason", code)) == count


@pytest.mark.parametrize(
    ("code", "count"),
    [
        ("pub fn f() {}", 1),
        ("/// One\npub fn f() {}", 0),
        ("pub struct S; impl S { pub fn f() {} }", 2),
        ("struct S; impl S { pub fn f() {} }", 0),
        ("pub(crate) struct S<T>(T);\nimpl<T> S<T> { pub fn f() {} }", 0),
        ("mod a { pub fn f() {} }", 0),
        ("#[doc(hidden)] pub fn f() {}", 0),
    ],
)
def test_public_items_without_documentation(code: str, count: int) -> None:
    assert len(found("missing_docs", code)) == count
