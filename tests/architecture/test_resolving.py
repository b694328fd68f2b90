import pytest

from rust_ai_ide.architecture.sources import architecture_of_files

MANIFEST = '[package]\nname = "demo"\nedition = "2021"\n'
Found = dict[tuple[str, str], str]


def edges(files: dict[str, str]) -> Found:
    """Return the certainty of each edge between modules of a crate, whose names lose that of the crate."""
    whole = {"Cargo.toml": MANIFEST, **files}
    model = architecture_of_files({path: text.encode() for path, text in whole.items()})
    return {
        (edge.source.removeprefix("demo::"), edge.target.removeprefix("demo::")): edge.certainty
        for edge in model.edges
        if edge.target.startswith("demo")
    }


def test_private_imports_do_not_leave_their_module_by_a_glob() -> None:
    found = edges(
        {
            "src/lib.rs": "mod facade; mod user;",
            "src/facade.rs": "mod first; mod second; pub use self::first::*; pub use self::second::*;",
            "src/facade/first.rs": "use crate::facade::trace; fn hidden() {}",
            "src/facade/second.rs": "pub fn trace() {} pub fn hidden() {}",
            "src/user.rs": "use crate::facade::{trace, hidden};",
        }
    )
    assert found["user", "facade::second"] == "via-glob"
    assert found["facade::first", "facade::second"] == "via-glob"
    assert ("user", "facade::first") not in found
    assert ("user", "facade") not in found


def test_a_child_sees_the_private_imports_around_it() -> None:
    found = edges(
        {
            "src/lib.rs": "mod a; mod b;",
            "src/a.rs": "use crate::b::Thing; mod inner { use super::*; fn f(t: &Thing) { Thing::new(); } }",
            "src/b.rs": "pub struct Thing;",
        }
    )
    assert found["a::inner", "b"] == "via-glob"


@pytest.mark.parametrize(
    "body",
    ["fn f(x: Thing) {}", "fn f() { make(); }", "impl Trait for u8 {}", "fn f() { if let Tuple(x) = y {} }"],
)
def test_a_lone_name_is_followed_through_a_glob(body: str) -> None:
    found = edges(
        {
            "src/lib.rs": "mod a; mod b; pub use b::{make, Thing, Trait, Tuple};",
            "src/a.rs": f"use crate::*; {body}",
            "src/b.rs": "pub struct Thing; pub fn make() {} pub trait Trait {} pub struct Tuple(u8);",
        }
    )
    assert found["a", "b"] == "via-glob"


def test_a_lone_name_that_the_module_declares_is_its_own() -> None:
    found = edges(
        {
            "src/lib.rs": "mod a; mod b; mod c;",
            "src/a.rs": "use crate::b::*; struct Thing; fn f(x: Thing) {}",
            "src/b.rs": "pub use crate::c::Thing;",
            "src/c.rs": "pub struct Thing;",
        }
    )
    assert set(found) == {("a", "b"), ("b", "c")}


def test_what_a_foreign_crate_provides_through_a_module_is_not_of_that_module() -> None:
    found = edges(
        {
            "src/lib.rs": "mod lib { mod core { pub use std::*; } pub use self::core::fmt; } mod a;",
            "src/a.rs": "use crate::lib::*; fn f(x: fmt::Formatter) {}",
        }
    )
    assert set(found) == {("a", "lib")}


def test_a_function_and_a_module_may_share_a_name() -> None:
    found = edges(
        {
            "src/lib.rs": "mod a; mod b;",
            "src/a.rs": "pub mod parse { pub fn deep() {} } pub fn parse() {}",
            "src/b.rs": "fn f() { crate::a::parse(); }",
        }
    )
    assert found == {("b", "a"): "resolved"}


def test_a_macro_that_the_crate_exports_leads_to_where_it_is_written() -> None:
    found = edges(
        {
            "src/lib.rs": "mod macros; mod a; mod b; mod tools; pub use tools::*;",
            "src/macros.rs": "#[macro_export] macro_rules! list { () => {} }",
            "src/tools.rs": "pub mod list { pub struct List; }",
            "src/a.rs": "pub use crate::list;",
            "src/b.rs": "use crate::list::List;",
        }
    )
    assert found["a", "macros"] == "resolved"
    assert found["b", "tools::list"] == "via-glob"
    assert ("b", "macros") not in found


def test_what_a_cfg_decides_is_marked() -> None:
    found = edges(
        {
            "src/lib.rs": "mod a; mod b; mod c; mod d;",
            "src/a.rs": '#[cfg(feature = "x")] use crate::b::B; #[cfg(not(test))] use crate::c::C;\n'
            "fn f() { #[cfg(unix)] { crate::d::d(); } }",
            "src/b.rs": "pub struct B;",
            "src/c.rs": "pub struct C;",
            "src/d.rs": "pub fn d() {}",
        }
    )
    assert found == {("a", "b"): "cfg-unknown", ("a", "c"): "resolved", ("a", "d"): "cfg-unknown"}


def test_a_condition_on_a_module_says_nothing_of_what_is_in_it() -> None:
    found = edges({"src/lib.rs": "#[cfg(unix)] mod a { use crate::b::B; } mod b { pub struct B; }"})
    assert found == {("a", "b"): "resolved"}


def test_an_import_that_a_cfg_chooses_leads_to_all_it_may_mean() -> None:
    found = edges(
        {
            "src/lib.rs": "mod a; mod platform;",
            "src/platform.rs": "#[cfg(windows)] mod one; #[cfg(windows)] pub use self::one::*;\n"
            "#[cfg(not(windows))] mod two; #[cfg(not(windows))] pub use self::two::*;",
            "src/platform/one.rs": "pub fn open() {}",
            "src/platform/two.rs": "pub fn open() {}",
            "src/a.rs": "fn f() { crate::platform::open(); }",
        }
    )
    assert found["a", "platform::one"] == found["a", "platform::two"] == "cfg-unknown"


@pytest.mark.parametrize(
    "declared",
    [
        '#[cfg(unix)] #[path = "one.rs"] mod inner;\n#[cfg(not(unix))] #[path = "two.rs"] mod inner;',
        '#[cfg_attr(unix, path = "one.rs")] #[cfg_attr(windows, path = "two.rs")] mod inner;',
    ],
)
def test_a_module_may_have_a_file_for_each_configuration(declared: str) -> None:
    whole = {
        "src/lib.rs": f"mod b; mod c; {declared} mod user;",
        "src/one.rs": "use crate::b::B; pub fn only_one() {}",
        "src/two.rs": "use crate::c::C;",
        "src/b.rs": "pub struct B;",
        "src/c.rs": "pub struct C;",
        "src/user.rs": "use crate::inner::only_one;",
    }
    found = edges(whole)
    assert found["inner", "b"] == found["inner", "c"] == "cfg-unknown"
    assert ("user", "inner") in found
    files = {"Cargo.toml": MANIFEST.encode(), **{path: text.encode() for path, text in whole.items()}}
    model = architecture_of_files(files)
    assert [node.id for node in model.modules].count("demo::inner") == 1
    assert model.crates[0].modules == 5
    assert model.unresolved == ()
