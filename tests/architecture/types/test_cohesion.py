import pytest

from rust_ai_ide.architecture.sources import structure_of_files
from rust_ai_ide.architecture.types.cohesion import TypeCohesion, cohesion_of_types
from rust_ai_ide.architecture.types.index import TypeIndex
from rust_ai_ide.architecture.types.kinds import ModuleCohesion, cohesion_of_modules

MANIFEST = '[package]\nname = "demo"\nedition = "2021"\n'


def index(source: str, **others: str) -> TypeIndex:
    files = {
        "Cargo.toml": MANIFEST,
        "src/lib.rs": source,
        **{f"src/{name}.rs": text for name, text in others.items()},
    }
    return TypeIndex.of(structure_of_files({path: text.encode() for path, text in files.items()}))


def types(source: str, **others: str) -> tuple[TypeCohesion, ...]:
    return cohesion_of_types(index(source, **others))


def module(source: str) -> ModuleCohesion:
    (found,) = cohesion_of_modules(index(source))
    return found


STRUCT = "struct S { a: u8, b: u8, c: u8 }"


def test_methods_that_share_no_field_fall_apart() -> None:
    (found,) = types(
        STRUCT + "impl S { fn f(&self) { self.a } fn g(&self) { self.a } fn h(&self) { self.b } }"
    )
    assert (found.type, found.place.line, found.lcom4) == ("demo::S", 1, 2)
    assert found.parts == (("f", "g"), ("h",))


@pytest.mark.parametrize(
    "methods",
    [
        "fn f(&self) { self.a } fn h(&self) { self.b; self.f() }",
        "fn f(&self) { self.a } fn h(&self) { self.b } fn both(&self) { self.a + self.b }",
        "fn f(&self) { self.a } fn h(&self) { self.b } fn all(&self) { help(self) }",
        "fn f(&self) { self.a; self.of_trait() } fn h(&self) { self.b; self.of_trait() }",
        "fn f(&self) { self.a } fn h(&self) { self.a } fn constant(&self) -> u8 { 1 }",
        "fn f(&self) { self.a } fn h(&self) { self.a } fn new() -> Self { S { b: 1 } }",
    ],
)
def test_what_holds_methods_together(methods: str) -> None:
    (found,) = types(f"{STRUCT} impl S {{ {methods} }}")
    assert found.lcom4 == 1


def test_all_impls_of_the_crate_count_but_not_those_of_traits_and_tests() -> None:
    (found,) = types(
        f"mod other; pub {STRUCT} impl S {{ fn f(&self) {{ self.a }} }}"
        "impl Clone for S { fn clone(&self) { self.c } }"
        "#[cfg(test)] mod tests { impl super::S { fn t(&self) { self.c } } }",
        other="use crate::S as Renamed; impl Renamed { fn g(&self) { self.b } }",
    )
    assert found.parts == (("f",), ("g",))


@pytest.mark.parametrize(
    "source",
    [
        "struct S; impl S { fn f(&self) { self.g() } fn g(&self) { self.f() } }",
        "enum E { A(u8), B } impl E { fn f(&self) { self } fn g(&self) { self } }",
        STRUCT + "impl S { fn f(&self) { self.a } }",
    ],
)
def test_what_has_no_lcom4(source: str) -> None:
    assert types(source) == ()


@pytest.mark.parametrize(
    ("kind", "source"),
    [
        ("functional", "pub fn run() { a(); b(); } fn a() { c() } fn b() { c() } fn c() {}"),
        (
            "sequential",
            "pub struct A; pub struct B; pub struct C; pub fn all() { read(); shape(); write() }"
            "pub fn read() -> A {} pub fn shape(a: A) -> B {} pub fn write(b: B) -> C {}",
        ),
        (
            "communicational",
            "pub struct Tree { x: u8 } pub fn grow(t: &Tree) {} pub fn cut(t: &mut Tree) {} pub fn leaves(t: &Tree) {}",
        ),
        ("procedural", "pub fn all() { a(); b(); c() } pub fn a() {} pub fn b() {} pub fn c() {}"),
        ("temporal", "pub fn init_log() {} pub fn init_cache() {} pub fn init_net() {}"),
        ("logical", "pub fn a(x: u8) -> u8 {} pub fn b(x: u8) -> u8 {} pub fn c(x: u8) -> u8 {}"),
        (
            "coincidental",
            "pub struct A { x: u8 } pub struct B { y: u8 } pub fn c(z: &str) {} pub fn d() -> bool {}",
        ),
    ],
)
def test_the_kinds_of_cohesion_of_a_module(kind: str, source: str) -> None:
    found = module(source)
    assert found.kind == kind, found
    assert found.because.endswith(".")


def test_a_module_of_two_parts_says_nothing() -> None:
    assert cohesion_of_modules(index("pub fn a() {} pub fn b() {}")) == ()
