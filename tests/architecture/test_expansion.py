from rust_ai_ide.architecture.sources import architecture_of_files
from tests.architecture.test_resolving import MANIFEST, edges

TYPES = {"src/types.rs": "pub struct Header; pub mod deep { pub fn make() {} }"}


def test_what_a_macro_makes_belongs_to_where_it_is_called() -> None:
    found = edges(
        {
            **TYPES,
            "src/lib.rs": "#[macro_use] mod macros; mod types; mod user;",
            "src/macros.rs": "macro_rules! implement {\n"
            "    ($name:ty $(, $rest:tt)*) => {\n"
            "        $( helper!($rest); )* mod made { use $crate::types::Header; helper!(1); }\n    };\n"
            "}\nmacro_rules! helper { ($x:tt) => { fn f() { $crate::types::deep::make() } } }",
            "src/user.rs": "struct S;\nimplement!(S, 1);",
        }
    )
    assert found["user::made", "types"] == "in-macro"
    assert found["user", "types::deep"] == "in-macro"
    assert found["user::made", "types::deep"] == "in-macro"
    assert found["macros", "types"] == "in-macro"


def test_a_place_made_by_a_macro_is_the_line_of_its_call() -> None:
    model = architecture_of_files(
        {
            "Cargo.toml": MANIFEST.encode(),
            "src/lib.rs": b"mod a { pub fn f() {} }\nmacro_rules! m { () => { $crate::a::f() } }\n\nmod b;",
            "src/b.rs": b"fn g() {\n    m!()\n}",
        }
    )
    places = {edge.source: edge.places for edge in model.edges if edge.target == "demo::a"}
    assert [(place.file, place.line) for place in places["demo::b"]] == [("src/b.rs", 2)]
    assert [(place.file, place.line) for place in places["demo"]] == [("src/lib.rs", 2)]


def test_names_that_the_caller_hands_over_are_followed() -> None:
    found = edges(
        {
            "src/lib.rs": "mod simd { pub mod fast; pub mod slow; } mod user; mod math; pub use math::*;",
            "src/simd/fast.rs": "pub struct One;",
            "src/simd/slow.rs": "pub struct One;",
            "src/math.rs": "mod cosine; pub use self::cosine::cosine;",
            "src/math/cosine.rs": "pub fn cosine() {}",
            "src/user.rs": "use crate::*;\nmacro_rules! find { ($kind:ident) => { $crate::simd::fast::$kind } }\n"
            "macro_rules! call { ($name:ident) => { fn wrap() { $name() } } }\n"
            "fn f() { find!(One); }\ncall!(cosine);",
        }
    )
    assert found["user", "simd::fast"] == "in-macro"
    assert found["user", "math::cosine"] == "in-macro"
    assert ("user", "simd::slow") not in found


def test_an_item_whose_name_the_caller_gives_is_known() -> None:
    found = edges(
        {
            "src/lib.rs": "mod data { mod number; pub use self::number::*; } mod user;",
            "src/data/number.rs": "macro_rules! streams { ($name:ident) => { pub fn $name() {} } }\nstreams!(stream);",
            "src/user.rs": "fn f() { crate::data::stream(); }",
        }
    )
    assert found["user", "data::number"] == "in-macro"


def test_macros_that_call_each_other_end() -> None:
    found = edges(
        {
            "src/lib.rs": "mod a { pub fn f() {} } mod b;\nmacro_rules! one { () => { two!() } }\n"
            "macro_rules! two { () => { one!(); $crate::a::f() } }",
            "src/b.rs": "fn g() { one!() }",
        }
    )
    assert found["b", "a"] == "in-macro"
