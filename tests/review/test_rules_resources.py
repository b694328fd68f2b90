"""The rules about channels and requests without a limit: what they report, and what they leave alone."""

import pytest

from tests.review.mended import found


@pytest.mark.parametrize(
    ("code", "count"),
    [
        ("use tokio::sync::mpsc; fn f() { let a = mpsc::unbounded_channel(); }", 1),
        ("use tokio::sync::mpsc; fn f() { let a = mpsc::unbounded_channel::<Vec<u8>>(); }", 1),
        ("use tokio::sync::mpsc; fn f() { let a = mpsc::unbounded_channel::<()>(); }", 0),
        ("use crossbeam_channel::unbounded; fn f() { let a = unbounded(); }", 1),
        ("fn f() { let a = futures::channel::mpsc::unbounded(); }", 1),
        ("use tokio::sync::mpsc; fn f() { let a = mpsc::channel(8); }", 0),
        ("use std::sync::mpsc; fn f() { let a = mpsc::channel(); }", 0),
        ("use crossbeam::queue; fn f() { let a = ConcurrentQueue::unbounded(); }", 0),
        ("fn f() { let a = unbounded(); }", 0),
        ("use flume; fn f() { let (stop_tx, stop_rx) = flume::unbounded(); }", 0),
        ("use flume; fn f() { let (sender, _receiver) = flume::unbounded(); }", 0),
        ("use flume; fn f() { let (sender, receiver) = flume::unbounded(); }", 1),
    ],
)
def test_channels_without_a_limit(code: str, count: int) -> None:
    assert len(found("unbounded_channel", code)) == count


@pytest.mark.parametrize(
    ("code", "count"),
    [
        ("async fn f() { reqwest::get(a).await; }", 1),
        ("fn f() { let a = reqwest::Client::new(); }", 1),
        ("use reqwest::Client; fn f() { let a = Client::new(); }", 1),
        ("use reqwest::{header, Client}; fn f() { let a = Client::new(); }", 1),
        ("use reqwest::blocking::Client; fn f() { let a = Client::new(); }", 0),
        ("use redis::Client; fn f() { let a = Client::new(); }", 0),
        ("fn f() { let a = reqwest::blocking::get(b); }", 0),
        ("fn f() { let a = ureq::get(b).call(); }", 1),
        ("fn f() { let a = ureq::get(b).timeout(c).call(); }", 0),
        ("fn f() { let a = reqwest::Client::new().get(b).timeout(c).send(); }", 0),
        ("use wasm_bindgen::prelude::*; fn f() { let a = reqwest::Client::new(); }", 0),
    ],
)
def test_requests_without_a_time_limit(code: str, count: int) -> None:
    assert len(found("missing_timeout", code)) == count


@pytest.mark.parametrize(
    ("code", "count"),
    [
        ("async fn f(c: &reqwest::Client) { let a = c.get(b).send().await?; a.bytes().await }", 1),
        ("async fn f() { let a = reqwest::get(b).await?; let c = a.bytes().await?; }", 1),
        ("async fn f() { let a = store.get(b).await?; let c = a.bytes().await?; }", 0),
        ("fn f(a: &str) { let client = reqwest::Client::new(); for b in a.bytes() {} }", 0),
        (
            "async fn f(c: &reqwest::Client) { let a = c.send().await?; check(a.content_length()); a.bytes().await }",
            0,
        ),
        ("async fn f(a: Body) { let b = a.collect().await?.to_bytes(); }", 1),
        ("async fn f(a: Body) { let b = Limited::new(a, 9).collect().await?.to_bytes(); }", 0),
        ("fn f(a: &B) { let b = a.to_bytes(); }", 0),
        ("async fn f(a: Body) { hyper::body::to_bytes(a).await }", 1),
        ("async fn f(a: Body) { axum::body::to_bytes(a, usize::MAX).await }", 1),
        ("async fn f(a: Body) { axum::body::to_bytes(a, 65_536).await }", 0),
        ("async fn f(res: R) { let (a, b) = res.into_parts(); hyper::body::to_bytes(b).await }", 0),
        ("fn f(mut a: TcpStream) { let mut b = Vec::new(); a.read_to_end(&mut b); }", 1),
        (
            "fn f() { let mut a = TcpStream::connect(b)?; let mut c = String::new(); a.read_to_string(&mut c); }",
            1,
        ),
        ("struct S { a: TlsStream<TcpStream> } fn f(&mut self) { self.a.read_to_end(&mut b); }", 1),
        ("fn f(a: TcpStream) { let mut b = Vec::new(); a.take(9).read_to_end(&mut b); }", 0),
        ("fn f(mut a: File) { let mut b = Vec::new(); a.read_to_end(&mut b); }", 0),
    ],
)
def test_reading_whatever_a_peer_sends(code: str, count: int) -> None:
    assert len(found("unbounded_read", code)) == count
