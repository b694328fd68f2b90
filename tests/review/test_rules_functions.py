"""The rules about functions, macros and unsafe code: what they report, and what they leave alone."""

import pytest

from rust_ai_ide.review.findings import Severity
from tests.review.mended import found

LIMIT = '#[clippy::cognitive_complexity = "1"]\n'


@pytest.mark.parametrize(
    ("code", "count"),
    [
        ("fn f() { if a {} }", 1),
        ("fn f() { while a {} }", 1),
        ("fn f() { for a in b {} }", 1),
        ("fn f() { match a { 1 => {}, _ => {} } }", 1),
        ("fn f() { match a { b if c => {} } }", 1),
        ("fn f() { match a { b => {} } }", 0),
        ("fn f() { loop {} }", 0),
        ("fn f() { a && b || c }", 0),
        ("fn f() -> Result<A, B> { if a { return b; } c }", 0),
        ("fn f() -> A { if a { return b; } c }", 1),
        ("fn f() { let a = |b| if b {}; }", 1),
        ("fn f() { fn g() {} }", 0),
    ],
)
def test_branches_are_counted(code: str, count: int) -> None:
    assert len(found("cognitive_complexity", LIMIT + code)) == count


def test_the_innermost_limit_counts() -> None:
    code = '#[clippy::cognitive_complexity = "9"]\nfn f() { if a {} }'
    assert not found("cognitive_complexity", f"{LIMIT}mod m {{ {code} }}")
    assert found("cognitive_complexity", "fn f() { " + "if a {} " * 25 + "}")
    assert not found("cognitive_complexity", "fn f() { " + "if a {} " * 24 + "}")
    assert not found(
        "cognitive_complexity", "#[allow(clippy::cognitive_complexity)] fn f() { " + "if a {} " * 30 + "}"
    )


@pytest.mark.parametrize(
    ("code", "count"),
    [
        ("async fn f() { g(); }", 1),
        ("async fn f() { g().await; }", 0),
        ("async fn f() { async { g().await; }; }", 1),
        ("async fn f() { select! { a = g() => {} } }", 0),
        ("async fn f() { todo!() }", 0),
        ("trait T { async fn f() {} }", 0),
        ("impl T for S { async fn f() {} }", 0),
        ("impl S { async fn f() {} }", 1),
        ('#[get("/")] async fn f() {}', 0),
        ("#[inline] async fn f() {}", 1),
        ("async fn f() {} fn g() { h(f); }", 0),
        ("async fn f() {} fn g() { f(); }", 1),
    ],
)
def test_functions_that_never_wait(code: str, count: int) -> None:
    assert len(found("unused_async", code)) == count


@pytest.mark.parametrize(
    ("code", "count"),
    [
        ("fn f() { std::process::exit(1); }", 1),
        ("fn f() { process::exit(1); }", 1),
        ("fn main() { std::process::exit(1); }", 0),
        ("fn f() { log!(std::process::exit(1)); }", 1),
        ("macro_rules! a { () => { std::process::exit(1) } }", 1),
        ("fn f() { external! { std::process::exit(1); } }", 0),
        ('fn f() { a("std::process::exit(1)"); }', 0),
        ("fn f() { /* process::exit(1) */ }", 0),
        ("#[test] fn f() { std::process::exit(1); }", 0),
    ],
)
def test_exits(code: str, count: int) -> None:
    assert len(found("exit", code)) == count


def test_macros_for_the_time_of_writing() -> None:
    assert found("dbg_macro", "macro_rules! a { () => { dbg!(1) } }")
    assert not found("dbg_macro", 'fn f() { a("dbg!(1)"); }')
    assert found("unreachable", 'fn f() { unreachable!("why"); }')
    assert not found("unreachable", "const A: u8 = unreachable!();")
    assert not found("unreachable", "#[test] fn f() { unreachable!(); }")


BOOLS = "(a: bool, b: bool, c: bool, d: bool)"


@pytest.mark.parametrize(
    ("code", "count"),
    [
        (f"fn f{BOOLS} {{}}", 1),
        (f"trait T {{ fn f{BOOLS}; }}", 1),
        (f"impl T for S {{ fn f{BOOLS} {{}} }}", 0),
        (f'extern "C" {{ fn f{BOOLS}; }}', 0),
        (f'#[no_mangle] pub extern "C" fn f{BOOLS} {{}}', 0),
    ],
)
def test_functions_with_many_bools(code: str, count: int) -> None:
    assert len(found("fn_params_excessive_bools", code)) == count


@pytest.mark.parametrize(
    ("code", "count"),
    [
        ("fn f() { unsafe { g() } }", 1),
        ("fn f() {\n// SAFETY: yes\nunsafe { g() } }", 0),
        ("fn f() {\n// SAFETY: yes\n\nunsafe { g() } }", 0),
        ("fn f() {\n// SAFETY: yes\nlet a =\nunsafe { g() }; }", 0),
        ("fn f() {\nlet a =\n// SAFETY: yes\nunsafe { g() }; }", 0),
        ("fn f() {\n// SAFETY: yes\n#[allow(x)]\nunsafe { g() } }", 0),
        ("fn f() {\n// SAFETY: yes\nlet a = 1;\nunsafe { g() } }", 1),
        ("fn f() { unsafe { /* SAFETY: yes */ g() } }", 0),
        ("fn f() { unsafe { unsafe { g() } } }", 1),
        ("fn f() { a!(unsafe { g() }); }", 1),
        ("fn f() {\n// SAFETY: yes\na!(1, unsafe { g() }); }", 0),
        ("fn f() { a!(\n// SAFETY: yes\nunsafe { g() }); }", 0),
        ("macro_rules! a { () => { unsafe { g() } } }", 1),
        ("macro_rules! a { () => {\n// SAFETY: yes\nlet a =\nunsafe { g() }; } }", 0),
        ("macro_rules! a { () => { pub unsafe fn g() {} } }", 0),
        ("macro_rules! a { () => { unsafe impl A for B {} } }", 1),
        ("unsafe impl A for B {}", 1),
        ("impl A for B {}", 0),
        ("// SAFETY: yes\nunsafe impl Send for B {}\nunsafe impl Sync for B {}", 0),
        ("unsafe impl Send for B {}\nunsafe impl Sync for B {}", 2),
        ("const A: fn() = unsafe { g() };", 1),
        ("#[test] fn f() { unsafe { g() } }", 0),
        ("fn f() { unsafe", 0),
    ],
)
def test_unsafe_code_without_a_reason(code: str, count: int) -> None:
    assert len(found("undocumented_unsafe_blocks", code)) == count


def test_unsafe_code_with_another_comment_is_a_hint() -> None:
    (finding,) = found("undocumented_unsafe_blocks", "fn f() {\n// It is fine.\nunsafe { g() } }")
    assert finding.severity is Severity.INFO


@pytest.mark.parametrize(
    ("code", "count"),
    [
        ("pub unsafe fn f() {}", 1),
        ("/// # Safety\n/// Yes.\npub unsafe fn f() {}", 0),
        ("#[doc(hidden)] pub mod a { pub struct S; impl S { pub unsafe fn f() {} } }", 0),
        ("pub mod a { pub struct S; impl S { pub unsafe fn f() {} } }", 1),
    ],
)
def test_unsafe_functions_without_a_safety_section(code: str, count: int) -> None:
    assert len(found("missing_safety_doc", code)) == count
