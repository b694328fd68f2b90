"""The rules about what types, pointers and memory are promised to be: what they report and what they leave alone."""

import pytest

from tests.review.mended import found

DEVICE = "struct Device { handle: *mut c_void }\n"


@pytest.mark.parametrize(
    ("code", "count"),
    [
        (f"{DEVICE}unsafe impl Send for Device {{}}", 1),
        (f"{DEVICE}unsafe impl std::marker::Sync for Device {{}}", 1),
        (f"{DEVICE}unsafe impl Send for Device {{}}\nunsafe impl Sync for Device {{}}", 1),
        ("struct Wide<'a>(Option<NonNull<u8>>, &'a u8);\nunsafe impl Send for Wide<'_> {}", 1),
        ("enum Own { Some(Rc<u8>), None }\nunsafe impl Send for Own {}", 1),
        ("struct Own { count: Cell<u8> }\nunsafe impl Sync for Own {}", 1),
        ("struct Own { count: Cell<u8> }\nunsafe impl Send for Own {}", 0),
        ("struct Own { mark: PhantomData<*mut u8> }\nunsafe impl Send for Own {}", 0),
        ("struct Own { call: fn(*mut u8) }\nunsafe impl Send for Own {}", 0),
        ("struct Own { count: u8 }\nunsafe impl Send for Own {}", 0),
        ("struct List<T> { head: *mut T }\nunsafe impl<T: Send> Send for List<T> {}", 0),
        ("struct List<T> { head: *mut T }\nunsafe impl<T> Send for List<T> where T: ?Sized + Send {}", 0),
        (f"{DEVICE}// Any thread may use it.\nunsafe impl Send for Device {{}}", 0),
        (f"{DEVICE}unsafe impl Send for Device {{}} // any thread may use it", 0),
        (f"{DEVICE}unsafe impl Send for Device {{\n    // any thread may use it\n}}", 0),
        (f"{DEVICE}// Both.\nunsafe impl Send for Device {{}}\nunsafe impl Sync for Device {{}}", 0),
        (
            f"{DEVICE}// Both.\n#[cfg(unix)]\nunsafe impl Send for Device {{}}\nunsafe impl Sync for Device {{}}",
            0,
        ),
        (f"/// Fit for threads.\n{DEVICE}unsafe impl Send for Device {{}}", 0),
        ("unsafe impl Send for Elsewhere {}", 0),
        (f"{DEVICE}unsafe impl Trait for Device {{}}", 0),
    ],
)
def test_claims_about_threads(code: str, count: int) -> None:
    assert len(found("unsafe_send_sync", code)) == count


@pytest.mark.parametrize(
    ("code", "count"),
    [
        ("fn f(s: String) -> &'static str { Box::leak(s.into_boxed_str()) }", 1),
        ("fn f(s: &str) -> &'static str { s.to_owned().leak() }", 1),
        ("fn f() -> &'static mut [u8] { vec![0; 8].leak() }", 1),
        ("fn f(v: Vec<u8>) { g(Vec::leak(v)); }", 1),
        ("fn f(choice: Choice) -> bool { choice.leak() }", 0),
        ("fn f() -> &'static () { Box::leak(Box::new(())) }", 0),
        ("static NAMES: &[u8] = Box::leak(names());", 0),
        ("fn main() { g(Box::leak(Box::new(1))); }", 0),
        ("fn init_logger(l: Logger) { g(Box::leak(Box::new(l))); }", 0),
        ("fn f() -> &'static u8 { CELL.get_or_init(|| Box::leak(Box::new(1))) }", 0),
        ("fn intern(s: &str) -> &'static str { Box::leak(Box::from(s)) }", 0),
        ("fn f(s: &str) { let t = Box::leak(Box::from(s)); table.insert(t); }", 0),
        ("fn f(s: Box<S>) -> *mut S { Box::leak(s) as *mut S }", 0),
        ("fn f(s: Box<S>) { let p: *mut S = Box::leak(s); g(p); }", 0),
        (
            "fn f(s: Box<S>) -> &'static S { Box::leak(s) }\nfn g(p: *mut S) { unsafe { Box::from_raw(p) }; }",
            0,
        ),
        (
            "fn f(s: Box<S>) -> &'static S {\n    // Three of these leak.\n    Box::leak(s)\n}",
            0,
        ),
    ],
)
def test_memory_that_is_given_away(code: str, count: int) -> None:
    assert len(found("memory_leak", code)) == count


@pytest.mark.parametrize(
    ("code", "count"),
    [
        ("pub fn f(p: *const u8) -> u8 { unsafe { *p } }", 1),
        ("pub fn f(p: *mut u8) { unsafe { *p = 1; *p = 2; } }", 1),
        ("pub fn f(p: *const u8, q: *const u8) -> u8 { unsafe { *p + *q } }", 2),
        ("impl S { pub fn f(&self, p: *const S) -> u8 { unsafe { (*p).x } } }", 1),
        ("pub fn f(p: *const u8) { g(unsafe { p.as_ref() }); }", 1),
        ("pub fn f(p: *const u8, n: usize) { g(unsafe { slice::from_raw_parts(p, n) }); }", 1),
        ('#[no_mangle]\npub extern "C" fn f(p: *const u8) -> u8 { unsafe { *p } }', 1),
        ('pub extern "C" fn f(p: *const u8) -> u8 { unsafe { *p } }', 0),
        ("pub unsafe fn f(p: *const u8) -> u8 { *p }", 0),
        ("fn f(p: *const u8) -> u8 { unsafe { *p } }", 0),
        ("mod inner { pub fn f(p: *const u8) -> u8 { unsafe { *p } } }", 0),
        ("impl T for S { fn f(p: *const u8) -> u8 { unsafe { *p } } }", 0),
        ("pub fn f(p: *const u8) -> bool { p.is_null() }", 0),
        ("pub fn f(p: &u8, n: u8) -> u8 { n *p }", 0),
        ("pub fn f(p: *const u8) -> u8 { let p = &1; *p }", 0),
        ("pub fn f(p: *const u8) {\n    // Not even `*p`.\n}", 0),
        ("#[allow(clippy::not_unsafe_ptr_arg_deref)]\npub fn f(p: *const u8) -> u8 { unsafe { *p } }", 0),
    ],
)
def test_pointers_of_callers(code: str, count: int) -> None:
    assert len(found("not_unsafe_ptr_arg_deref", code)) == count


LIST = "pub struct List { items: Vec<u8>, table: HashMap<usize, u8> }\n"


@pytest.mark.parametrize(
    ("code", "count"),
    [
        ("pub fn f(v: &[u8], n: usize) -> u8 { v[n] }", 1),
        ("pub fn f(v: Vec<u8>, n: usize) { g(&v[..n]); }", 1),
        ("pub fn f(v: &mut [u8], n: usize) { v[n..].fill(0); }", 1),
        (f"{LIST}impl List {{ pub fn get(&self, n: usize) -> u8 {{ self.items[n] }} }}", 1),
        (f"{LIST}impl List {{ pub fn get(&self, n: usize) -> u8 {{ self.table[n] }} }}", 0),
        (f"{LIST}impl Index for List {{ fn index(&self, n: usize) -> &u8 {{ &self.items[n] }} }}", 0),
        ("fn f(v: &[u8], n: usize) -> u8 { v[n] }", 0),
        ("pub unsafe fn f(v: &[u8], n: usize) -> u8 { v[n] }", 0),
        ("pub fn f(v: &[u8], n: u8) -> u8 { v[n] }", 0),
        ("pub fn f(v: &str, n: usize) { g(&v[..n]); }", 0),
        ("pub fn f(v: &[u8; 4], n: usize) -> u8 { v[n & 3] }", 0),
        ("pub fn f(v: &[u8], n: usize) -> u8 { if n < 4 { v[n] } else { 0 } }", 0),
        ("pub fn f(v: &[u8], n: usize) -> u8 { v[n % v.len()] + v[n] }", 0),
        ("pub fn f(v: &[u8], n: usize) -> u8 { assert!(ok(v, n)); v[n] }", 0),
        ("pub fn f(v: &[u8], n: usize) { for i in 0..n { g(v[n]); } }", 0),
        ("pub fn f(v: &[u8], n: usize) -> u8 { let n = place(); v[n] }", 0),
        ("/// Panics behind the end.\npub fn f(v: &[u8], n: usize) -> u8 { v[n] }", 0),
        ("#[cfg(test)]\nmod tests { pub fn f(v: &[u8], n: usize) -> u8 { v[n] } }", 0),
        ("macro_rules! m { () => { pub fn f(v: &[u8], n: usize) -> u8 { v[n] } } }", 0),
    ],
)
def test_places_that_callers_choose(code: str, count: int) -> None:
    assert len(found("indexing_slicing", code)) == count
