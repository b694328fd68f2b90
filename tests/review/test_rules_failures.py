"""The rules about panics in libraries and about errors that nobody hears of."""

import pytest

from tests.review.mended import found


@pytest.mark.parametrize(
    ("code", "count"),
    [
        ("fn f(x: Option<u8>) -> u8 { x.unwrap() }", 1),
        ("fn f(l: &Mutex<u8>) -> u8 { *l.lock().unwrap() }", 0),
        ("fn f(b: &[u8]) { u32::from_le_bytes(b[..4].try_into().unwrap()); }", 0),
        ("fn f(b: &[u8]) { u32::from_le_bytes(b[4..8].try_into().unwrap()); }", 0),
        ("fn f(b: &[u8]) { u32::from_le_bytes(b[..n].try_into().unwrap()); }", 1),
        ("fn f(n: usize) { u64::try_from(n).unwrap(); }", 0),
        ("/// # Panics\n///\n/// Without a value.\nfn f(x: Option<u8>) -> u8 { x.unwrap() }", 0),
        ("use proc_macro::TokenStream;\nfn f(x: Option<u8>) -> u8 { x.unwrap() }", 0),
    ],
)
def test_unwraps_that_surprise_callers(code: str, count: int) -> None:
    assert len(found("unwrap_used", code)) == count
    if "lock" not in code:
        assert len(found("expect_used", code.replace("unwrap()", 'expect("is there")'))) == count


def test_expects_of_locks() -> None:
    assert not found("expect_used", 'fn f(l: &RwLock<u8>) { l.read().expect("not poisoned"); }')


@pytest.mark.parametrize(
    ("code", "count"),
    [
        ('fn f() { panic!("no"); }', 1),
        ('/// Halves.\nfn f() { panic!("no"); }', 1),
        ('/// # Panics\n///\n/// If odd.\nfn f() { panic!("no"); }', 0),
        ('fn f() -> ! { panic!("no"); }', 0),
        ('impl Index<u8> for S { fn index(&self, i: u8) -> &u8 { panic!("no") } }', 0),
        ('fn f(input: syn::DeriveInput) { panic!("no"); }', 0),
    ],
)
def test_panics_that_nobody_was_told_of(code: str, count: int) -> None:
    shown = [one for one in found("panic", code) if one.confidence > 0.5]
    assert len(shown) == count


@pytest.mark.parametrize(
    ("statement", "count"),
    [
        ("remove(path).ok();", 1),
        ("socket.send(data).ok();", 1),
        ("write!(socket, hello).ok();", 1),
        ("// A later round removes it.\nremove(path).ok();", 0),
        ("remove(path).ok(); // it may be gone", 0),
        ("tx.send(data).ok();", 0),
        ("self.reply_channel.try_send(data).ok();", 0),
        ("state.compare_exchange(A, B, Relaxed, Relaxed).ok();", 0),
        ("remove(path).map_err(|e| warn!(e)).ok();", 0),
        ("std::panic::catch_unwind(|| run()).ok();", 0),
        ("reply.ok();", 0),
        ("let done = remove(path).ok();", 0),
        ("return remove(path).ok();", 0),
    ],
)
def test_results_that_are_thrown_away(statement: str, count: int) -> None:
    assert len(found("discarded_result", f"fn f() {{\n    {statement}\n    done();\n}}")) == count
    assert not found("discarded_result", f"impl Drop for S {{ fn drop(&mut self) {{\n{statement}\n}} }}")


def test_text_that_is_written_into_a_string() -> None:
    code = 'use std::fmt::Write;\nfn f(text: &mut String) { write!(text, "a").ok(); }'
    assert not found("discarded_result", code)


@pytest.mark.parametrize(
    ("arms", "count"),
    [
        ("Ok(_) => done(), Err(_) => {}", 1),
        ("Ok(_) => done(), Err(error) => {}", 1),
        ("Ok(_) => done(), Err(_) => { /* it may be gone */ }", 0),
        ("Ok(_) => done(),\n// it may be gone\nErr(_) => {}", 0),
        ("Ok(_) => done(), Err(_) => {} // it may be gone", 0),
        ("Ok(_) => done(), Err(e) if e.kind() == Interrupted => {}, Err(e) => return Err(e)", 0),
        ("Ok(_) => done(), Err(Error::Closed) => {}", 0),
        ("Ok(_) => done(), Err(Error::Closed) => return, Err(_) => {}", 0),
    ],
)
def test_errors_that_meet_an_empty_branch(arms: str, count: int) -> None:
    assert len(found("swallowed_error", f"fn f() {{ match run() {{ {arms} }} }}")) == count
    assert not found("swallowed_error", f"fn drop(&mut self) {{ match run() {{ {arms} }} }}")
    assert not found("swallowed_error", f"fn f() {{ match frame.into_data() {{ {arms} }} }}")


@pytest.mark.parametrize(
    ("function", "count"),
    [
        ("pub fn f() -> Result<u8, Box<dyn Error>> { g() }", 1),
        ("pub fn f() -> io::Result<Vec<u8>, Box<dyn std::error::Error + Send>> { g() }", 1),
        ("pub fn f(self) -> Box<dyn Error> { g() }", 0),
        ("pub fn f() -> Option<Box<dyn Error>> { g() }", 0),
        ("pub fn f(self: Box<Self>) -> Result<Box<T>, Box<dyn Error>> { g() }", 0),
        ("pub fn f() -> Result<TokenStream, Box<dyn Error>> { g() }", 0),
        ("fn f() -> Result<u8, Box<dyn Error>> { g() }", 0),
    ],
)
def test_boxed_errors_of_results(function: str, count: int) -> None:
    assert len(found("boxed_error_in_public_api", function)) == count
