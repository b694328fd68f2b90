"""The rule about paths that come from a request: what it reports, and what it leaves alone."""

import pytest

from tests.review.mended import found

ACTIX = "use actix_web::{web, HttpRequest};\n"
AXUM = "use axum::extract::{Path, Query};\n"


@pytest.mark.parametrize(
    "code",
    [
        AXUM + 'async fn f(Path(name): Path<String>) { tokio::fs::read(format!("data/{name}")).await; }',
        AXUM + 'async fn f(Path(name): Path<String>) { File::open(format!("data/{}", name)); }',
        AXUM + "async fn f(Path((id, name)): Path<(u32, String)>) { let a = dir.join(&name); }",
        AXUM + "async fn f(State(a): State<A>, Query(q): Query<Q>) { fs::remove_file(&q.file); }",
        ACTIX + "async fn f(path: web::Path<String>) { let name = path.into_inner(); dir.join(name); }",
        ACTIX + '#[get("/{a:.*}")] async fn f(a: web::Path<String>) { NamedFile::open(a.into_inner())?; }',
        ACTIX + 'async fn f(a: HttpRequest) { let p: PathBuf = a.match_info().query("p").parse()?; '
        "NamedFile::open(p)?; }",
        ACTIX + 'async fn f(a: HttpRequest) { let p: String = a.match_info().query("p").into(); '
        'let full: String = "app/".to_string() + &p; NamedFile::open(full)?; }',
    ],
)
def test_text_of_a_request_in_a_path_is_found(code: str) -> None:
    assert len(found("path_traversal", code)) == 1


@pytest.mark.parametrize(
    "code",
    [
        "async fn f(Path(name): Path<String>) { File::open(name); }",
        AXUM + 'async fn f(Path(id): Path<u32>) { fs::read(format!("data/{id}")); }',
        AXUM + "async fn f(Path(id): Path<Uuid>) { dir.join(id.to_string()); }",
        AXUM + "async fn f(Path(a): Path<String>) { if !NAMES.contains(&a) { return; } fs::read(a); }",
        AXUM + "async fn f(Path(a): Path<String>) { let row = find(&a).await; fs::read(row.file); }",
        AXUM + "async fn f(Path(a): Path<String>) { let row = a.load().await; fs::read(row.file); }",
        AXUM + "async fn f(Path(a): Path<String>) { base_url.join(&a); Assets::get(&a); }",
        ACTIX
        + '#[get("/{a:[a-z]+}")] async fn f(a: web::Path<String>) { NamedFile::open(a.into_inner())?; }',
        AXUM
        + "async fn f(Query(q): Query<Q>) { let a = api.join(&q.name)?; let b = api.join(&q.name).map_err(c); }",
        AXUM + "fn f(path: &std::path::Path, name: &str) { fs::read(path.join(name)); }",
        AXUM + 'async fn f(Path(a): Path<String>) { fs::read("fixed"); File::open(b); }',
    ],
)
def test_checked_and_harmless_text_is_left_alone(code: str) -> None:
    assert not found("path_traversal", code)
