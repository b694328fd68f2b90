from rust_ai_ide.architecture.sources import architecture_of_files

MANIFEST = '[package]\nname = "demo"\nedition = "2021"\n'


def architecture(files: dict[str, str], manifest: str = MANIFEST):  # type: ignore[no-untyped-def]
    whole = {"Cargo.toml": manifest, **files}
    return architecture_of_files({path: text.encode() for path, text in whole.items()})


def edges(model) -> set[tuple[str, str]]:  # type: ignore[no-untyped-def]
    return {(edge.source, edge.target) for edge in model.edges}


def test_where_modules_lie() -> None:
    model = architecture(
        {
            "src/lib.rs": 'mod a; mod b; #[path = "odd/place.rs"] mod c; mod i { pub mod deep; }\n'
            'mod j { #[path = "k.rs"] mod k; } mod missing; mod r#type;',
            "src/a.rs": "mod aa;",
            "src/a/aa.rs": "",
            "src/b/mod.rs": "mod bb;",
            "src/b/bb/mod.rs": "",
            "src/odd/place.rs": "mod beside;",
            "src/odd/beside.rs": "",
            "src/i/deep.rs": "",
            "src/j/k.rs": "",
            "src/type.rs": "",
        }
    )
    places = {node.id: node.place.file for node in model.modules if node.place}
    assert places == {
        "demo": "src/lib.rs",
        "demo::a": "src/a.rs",
        "demo::a::aa": "src/a/aa.rs",
        "demo::b": "src/b/mod.rs",
        "demo::b::bb": "src/b/bb/mod.rs",
        "demo::c": "src/odd/place.rs",
        "demo::c::beside": "src/odd/beside.rs",
        "demo::i": "src/lib.rs",
        "demo::i::deep": "src/i/deep.rs",
        "demo::j": "src/lib.rs",
        "demo::j::k": "src/j/k.rs",
        "demo::type": "src/type.rs",
    }
    assert [(u.text, u.what, u.place.line) for u in model.unresolved] == [("missing", "module", 2)]
    assert model.edges == ()
    assert model.module_cycles == ()


def test_a_module_that_includes_itself_ends() -> None:
    model = architecture({"src/lib.rs": '#[path = "lib.rs"] mod again;'})
    assert [node.id for node in model.modules] == ["demo"]


def test_names_are_followed_to_where_things_are_defined() -> None:
    model = architecture(
        {
            "src/lib.rs": "pub mod a; mod b; mod facade; mod glob; mod user;",
            "src/a.rs": "pub struct A; pub mod sub;",
            "src/a/sub.rs": "use super::A; use self::own::X; mod own { pub struct X; }",
            "src/b.rs": "use crate::a::sub; fn f() { sub::g(); super::a::A; }",
            "src/facade.rs": "pub use crate::a::A as Renamed;",
            "src/glob.rs": "pub use crate::facade::*;",
            "src/user.rs": "use crate::glob::Renamed; fn f() { Renamed::new(); }",
        }
    )
    assert edges(model) == {
        ("demo::a::sub", "demo::a"),
        ("demo::a::sub", "demo::a::sub::own"),
        ("demo::b", "demo::a::sub"),
        ("demo::b", "demo::a"),
        ("demo::facade", "demo::a"),
        ("demo::glob", "demo::facade"),
        ("demo::user", "demo::a"),
    }
    found = {(edge.source, edge.target): edge for edge in model.edges}
    assert found[("demo::user", "demo::a")].certainty == "via-glob"
    assert found[("demo::facade", "demo::a")].kind == "reexport"
    assert found[("demo::b", "demo::a")].places[0].line == 1
    assert model.unresolved == ()


def test_imports_that_go_in_a_circle_end() -> None:
    model = architecture(
        {
            "src/lib.rs": "mod a; mod b;",
            "src/a.rs": "pub use crate::b::*; pub use crate::b::x; use y as z; use z as y;",
            "src/b.rs": "pub use crate::a::*; pub use crate::a::x;",
        }
    )
    assert ("demo::a", "demo::b") in edges(model)


def test_a_workspace_with_a_rename_and_external_crates() -> None:
    model = architecture(
        {
            "src/main.rs": "use util_renamed::helper; use serde::de; use std::fmt; use nowhere::x;",
            "util/Cargo.toml": '[package]\nname = "my-util"\nedition = "2018"\n[lib]\nname = "my_util"\n',
            "util/src/lib.rs": "pub mod inner; pub use inner::helper;",
            "util/src/inner.rs": "pub fn helper() {}",
        },
        MANIFEST
        + '[workspace]\nmembers = ["util"]\n[dependencies]\nserde = "1"\n'
        + 'util_renamed = { path = "util", package = "my-util" }\n',
    )
    assert [crate.id for crate in model.crates] == ["demo (bin)", "my_util"]
    assert edges(model) == {
        ("demo (bin)", "my_util::inner"),
        ("demo (bin)", "serde"),
        ("demo (bin)", "std"),
        ("my_util", "my_util::inner"),
    }
    assert {(edge.source, edge.target) for edge in model.crate_graph.edges} >= {("demo (bin)", "my_util")}
    assert [(u.text, u.place.file) for u in model.unresolved] == [("nowhere::x", "src/main.rs")]


def test_edition_2015_paths_start_at_the_root() -> None:
    model = architecture(
        {
            "src/lib.rs": "mod a; mod b;",
            "src/a.rs": "use b::X; fn f() { ::b::g(); }",
            "src/b.rs": "pub struct X;",
        },
        '[package]\nname = "demo"\n',
    )
    assert edges(model) == {("demo::a", "demo::b")}


def test_test_code_is_marked_and_makes_no_cycle() -> None:
    model = architecture(
        {
            "src/lib.rs": "mod a; mod b;",
            "src/a.rs": "use crate::b::B; pub struct A; "
            "#[cfg(test)] mod tests { use super::*; use crate::b::B; }",
            "src/b.rs": "pub struct B; #[cfg(test)] use crate::a::A;",
            "tests/it.rs": "use demo::x;",
        }
    )
    found = {(edge.source, edge.target): edge.is_test for edge in model.edges}
    assert found[("demo::a", "demo::b")] is False
    assert found[("demo::b", "demo::a")] is True
    assert found[("demo::a::tests", "demo::a")] is True
    assert found[("it (test)", "demo")] is True
    assert model.module_cycles == ()


def test_a_cycle_has_all_its_edges_with_lines() -> None:
    model = architecture(
        {
            "src/lib.rs": "mod a; mod b; mod c;",
            "src/a.rs": "\nuse crate::b::B; pub struct A;",
            "src/b.rs": "use crate::c::C; pub struct B;",
            "src/c.rs": "use crate::a::A; pub struct C;",
        }
    )
    (cycle,) = model.module_cycles
    assert cycle.nodes == ("demo::a", "demo::b", "demo::c")
    assert [(e.source, e.target, e.places[0].file, e.places[0].line) for e in cycle.edges] == [
        ("demo::a", "demo::b", "src/a.rs", 2),
        ("demo::b", "demo::c", "src/b.rs", 1),
        ("demo::c", "demo::a", "src/c.rs", 1),
    ]


def test_broken_files_and_manifests_are_notes() -> None:
    model = architecture(
        {
            "src/lib.rs": "mod deep; mod ok;",
            "src/deep.rs": f"fn f() {{ {'(' * 5000}{')' * 5000} }}",
            "src/ok.rs": "}}}{",
        }
    )
    assert any("src/deep.rs" in note for note in model.notes)
    broken = architecture({"src/lib.rs": ""}, "[package\n")
    assert broken.crates == ()
    assert len(broken.notes) == 2


def test_an_inline_module_with_a_path_stands_for_that_folder() -> None:
    model = architecture(
        {
            "src/lib.rs": "mod a;",
            "src/a.rs": '#[path = "threads"] mod thread { mod local; mod plain { mod inner; } '
            '#[path = "more"] mod deep { #[path = "tls.rs"] mod data; } } mod usual { mod here; }',
            "src/threads/local.rs": "",
            "src/threads/plain/inner.rs": "",
            "src/threads/more/tls.rs": "",
            "src/a/usual/here.rs": "",
        }
    )
    places = {node.id: node.place.file for node in model.modules if node.place and node.place.line == 1}
    assert places["demo::a::thread::local"] == "src/threads/local.rs"
    assert places["demo::a::thread::plain::inner"] == "src/threads/plain/inner.rs"
    assert places["demo::a::thread::deep::data"] == "src/threads/more/tls.rs"
    assert places["demo::a::usual::here"] == "src/a/usual/here.rs"
    assert model.unresolved == ()
