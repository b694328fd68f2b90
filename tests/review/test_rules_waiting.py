"""The rules about asynchronous code: what they report, and what they leave alone."""

import pytest

from rust_ai_ide.review.findings import Severity
from tests.review.mended import found


@pytest.mark.parametrize(
    ("body", "count"),
    [
        ("let a = b.lock().unwrap(); c().await;", 1),
        ("let mut a = b.write().expect(d); if e { c().await; }", 1),
        ("let a = b.lock().unwrap(); drop(a); c().await;", 0),
        ("let _ = b.lock().unwrap(); c().await;", 0),
        ("let a = *b.lock().unwrap(); let d = e(a); d.await;", 0),
        ("let a = b.lock().unwrap(); spawn(async move { c().await });", 0),
        ("let a = b.lock().unwrap(); a.map(|d| js.spawn(async move { d.await }));", 0),
        ("let a = b.lock().unwrap(); // what .await may do\n c();", 0),
        ("let a = b.lock().await; c().await;", 0),
    ],
)
def test_guards_held_while_waiting(body: str, count: int) -> None:
    assert len(found("await_holding_lock", f"async fn f() {{ {body} }}")) == count


@pytest.mark.parametrize(
    ("code", "severities"),
    [
        ("async fn f() { std::thread::sleep(d); }", [Severity.WARNING]),
        ("async fn f() { let a = std::net::TcpStream::connect(b); }", [Severity.WARNING]),
        ("async fn f() { let a = std::fs::read(b); }", [Severity.INFO]),
        ("use std::fs; async fn f() { let a = fs::File::open(b); }", [Severity.INFO]),
        ("#[tokio::main] async fn main() { std::thread::sleep(d); }", []),
        ("#[maybe_async::maybe_async] async fn f() { std::thread::sleep(d); }", []),
        ("fn f() { std::thread::sleep(d); }", []),
    ],
)
def test_calls_that_block(code: str, severities: list[Severity]) -> None:
    assert [finding.severity for finding in found("blocking_call_in_async", code)] == severities


@pytest.mark.parametrize(
    ("code", "count"),
    [
        ("async fn f() -> u8 { 1 }", 1),
        ("impl S { async fn f(&self) -> u8 { 1 } }", 1),
        ("impl S { async fn f() -> u8 { 1 } } impl T { async fn f() -> u8 { g().await } }", 1),
        ("#[cfg(unix)] async fn f() -> u8 { 1 }", 0),
        ("mod a { async fn f() {} } mod b { async fn f() { g().await } }", 0),
        ('#[zbus::interface(name = "a")] impl S { async fn f(&self) -> u8 { 1 } }', 0),
        ("async fn f(Path(a): Path<String>) -> u8 { 1 }", 0),
        ("async fn f(a: web::Json<B>) -> u8 { 1 }", 0),
        ("async fn f() -> impl IntoResponse { 1 }", 0),
        ("async fn f(c: &C) { run! { c: a { b } } }", 0),
        ('async fn f() { log!("a"); }', 1),
    ],
)
def test_functions_that_wait_for_nothing(code: str, count: int) -> None:
    assert len(found("unused_async", code)) == count
