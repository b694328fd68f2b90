"""The rules about unsafe code: what they report and what they leave alone."""

import pytest

from tests.review.mended import found


@pytest.mark.parametrize(
    ("code", "count"),
    [
        ("fn f(v: u32) { take(unsafe { mem::transmute(v) }) }", 1),
        ("fn f(v: u32) -> Option<f32> { Some(unsafe { mem::transmute(v) }) }", 1),
        ("fn f(v: u32) -> f32 { let w = unsafe { mem::transmute(v) }; w }", 1),
        ("fn f(v: u32) -> f32 { unsafe { mem::transmute(v); } 1.0 }", 1),
        ("fn f(v: u32) -> f32 { unsafe { mem::transmute(v) } }", 0),
        ("fn f(v: u32) -> f32 { note(v); unsafe { mem::transmute(v) } }", 0),
        ("fn f(v: u32) { let w: f32 = unsafe { mem::transmute(v) }; }", 0),
        ("fn f(v: u32) { take(unsafe { mem::transmute::<u32, f32>(v) }) }", 0),
        ("const C: f32 = unsafe { mem::transmute(1u32) };", 0),
        ("struct S { w: f32 }\nfn f(v: u32) { take(S { w: unsafe { mem::transmute(v) } }) }", 0),
        ("fn f(v: u32) { take(Elsewhere { w: unsafe { mem::transmute(v) } }) }", 1),
        ("fn f(v: u32) -> f32 { unsafe { mem::transmute(v) ", 0),
    ],
)
def test_transmutes_whose_types_are_written_nowhere(code: str, count: int) -> None:
    assert len(found("missing_transmute_annotations", code)) == count


UNINIT = "unsafe { MaybeUninit::uninit().assume_init() }"


@pytest.mark.parametrize(
    ("code", "count"),
    [
        (f"fn f() {{ let x: u32 = {UNINIT}; }}", 1),
        (f"fn f() -> [u8; 4] {{ {UNINIT} }}", 1),
        ("fn f() { g(unsafe { MaybeUninit::<bool>::uninit().assume_init() }); }", 1),
        (f"struct S {{ x: u32 }}\nfn f() -> S {{ S {{ x: {UNINIT} }} }}", 1),
        (f"struct S {{ x: [MaybeUninit<u8>; 4] }}\nfn f() -> S {{ S {{ x: {UNINIT} }} }}", 0),
        (f"fn f() {{ let x: [MaybeUninit<u8>; 4] = {UNINIT}; }}", 0),
        (f"fn f() {{ let x: (MaybeUninit<u8>, MaybeUninit<u8>) = {UNINIT}; }}", 0),
        (f"fn f() {{ let x: () = {UNINIT}; }}", 0),
        (f"fn f() {{ let x: [u8; 0] = {UNINIT}; }}", 0),
        (f"union Own {{ a: u8, b: () }}\nfn f() {{ let x: Own = {UNINIT}; }}", 0),
        (f"fn f() -> Self::Storage {{ {UNINIT} }}", 0),
        (f"fn f() {{ ManuallyDrop::new({UNINIT}); }}", 0),
    ],
)
def test_values_that_were_never_written(code: str, count: int) -> None:
    assert len(found("uninit_assumed_init", code)) == count


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("static mut COUNT: u32 = 0;", "undefined behaviour"),
        ("static mut COUNT: AtomicU32 = AtomicU32::new(0);", "needs no `mut`"),
        ("static mut COUNT: sync::atomic::AtomicU32 = X;", "needs no `mut`"),
    ],
)
def test_mutable_statics(code: str, said: str) -> None:
    (finding,) = found("static_mut", code)
    assert said in finding.message


@pytest.mark.parametrize(
    "code",
    [
        "#[thread_local]\nstatic mut CONTEXT: *mut u8 = null_mut();",
        'extern "C" { static mut environ: *const u8; }',
        "static COUNT: AtomicU32 = AtomicU32::new(0);",
    ],
)
def test_statics_that_threads_do_not_share(code: str) -> None:
    assert not found("static_mut", code)
