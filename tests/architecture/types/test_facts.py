import pytest
from hypothesis import given
from hypothesis import strategies as st

from rust_ai_ide.architecture.types.facts import Function, Type, TypeFacts, decode_types, encode_types
from rust_ai_ide.architecture.uses import extract, extract_both


def read(source: str) -> TypeFacts:
    return extract_both(source.encode())[1]


def only_type(source: str) -> Type:
    (found,) = read(source).types
    return found


def method(body: str, parameters: str = "&self") -> Function:
    (found,) = read(f"impl T {{ fn m({parameters}) {{ {body} }} }}").impls
    return found.methods[0]


def test_a_struct_tells_its_fields_and_the_types_in_them() -> None:
    found = only_type(
        "mod m {\npub struct S<T: Repo> {\n  pub a: Arc<Mutex<x::Y>>,\n  b: Box<dyn z::Port + Send>, }\n}"
    )
    assert (found.kind, found.name, found.scope, found.line, found.end_line) == ("struct", "S", ("m",), 2, 4)
    assert (found.is_public, found.is_generic, found.bounds) == (True, True, ("Repo",))
    first, second = found.fields
    assert (first.name, first.is_public, first.types) == ("a", True, ("Arc", "Mutex", "x::Y"))
    assert (second.is_public, second.dynamic) == (False, ("z::Port",))


def test_a_tuple_numbers_its_fields_and_an_enum_names_its_variants() -> None:
    assert [(f.name, f.types, f.is_public) for f in only_type("struct S(pub u8, Vec<A>);").fields] == [
        ("0", ("u8",), True),
        ("1", ("Vec", "A"), False),
    ]
    found = only_type("enum E { A, B(x::C), D { e: F } }")
    assert [(f.name, f.types) for f in found.fields] == [("A", ()), ("B", ("x::C",)), ("D", ("F",))]


def test_a_trait_tells_which_methods_have_a_body() -> None:
    found = only_type("trait T: Base + Send { fn a(&self); fn b(&mut self) { self.a() } }")
    assert found.bounds == ("Base", "Send")
    assert [(m.name, m.has_body, m.receiver) for m in found.methods] == [
        ("a", False, "&self"),
        ("b", True, "&mut self"),
    ]
    assert found.methods[1].own == ("a",)


def test_an_impl_names_its_type_and_its_trait() -> None:
    inherent, of_trait = read("impl<T: B> x::S<T> {}\nimpl<'a> fmt::Display for S<'a> where S: C {}").impls
    assert (inherent.type, inherent.trait, inherent.bounds) == ("x::S", "", ("B",))
    assert (of_trait.type, of_trait.trait, of_trait.line, of_trait.bounds) == ("S", "fmt::Display", 2, ("C",))


@pytest.mark.parametrize(
    ("body", "reads", "writes", "own"),
    [
        ("self.a + self.b", ("a", "b"), (), ()),
        ("self.a = 1; self.b += 2; self.c[3] = 4; self.d.e = 5;", (), ("a", "b", "c", "d"), ()),
        ("let x = &mut self.a; self.b == 2; self.c => 3", ("b", "c"), ("a",), ()),
        ("self.m(1); self.n::<u8>(); Self::o()", (), (), ("m", "n", "o")),
        ("self.a.push(1)", ("a",), (), ()),
        ('println!("self.x {}", self.a); // self.y\n/* self.z */', ("a",), (), ()),
        ('r#"self.x "quoted" self.y"#; \'"\'; self.a', ("a",), (), ()),
        ("let Self { a, b: c, .. } = self;", ("a", "b"), (), ()),
        ("self.0.await", ("0",), (), ()),
    ],
)
def test_what_a_method_does_with_its_type(
    body: str, reads: tuple[str, ...], writes: tuple[str, ...], own: tuple[str, ...]
) -> None:
    found = method(body)
    assert (found.reads, found.writes, found.own) == (reads, writes, own)


def test_what_a_method_asks_of_others() -> None:
    found = method("self.repo.find(1); a::b::help(x.fold::<u8>()); if (x) { y.clone() }")
    assert found.asked == ("repo.find",)
    assert found.calls == ("a::b::help",)
    assert found.methods == ("fold",)


def test_enums_that_are_matched() -> None:
    found = method(
        "match kind { Kind::A => 1, x::Other::B { c } if c == 1 => 2, _ => Third::D }", "kind: Kind"
    )
    assert found.matches == ("Kind", "x::Other")
    assert found.is_choosing
    assert not method("match other { Kind::A => 1 }", "kind: Kind").is_choosing


@pytest.mark.parametrize(
    ("parameters", "receiver"),
    [
        ("self", "self"),
        ("&'a self", "&self"),
        ("&mut self, x: u8", "&mut self"),
        ("mut self", "self"),
        ("s: u8", ""),
    ],
)
def test_receivers(parameters: str, receiver: str) -> None:
    assert method("", parameters).receiver == receiver


@pytest.mark.parametrize(
    ("body", "is_stub"),
    [('unimplemented!("no") // c\n', True), ("todo!();", True), ("let x = 1; panic!()", False), ("", False)],
)
def test_stubs(body: str, *, is_stub: bool) -> None:
    assert method(body).is_stub is is_stub


def test_self_as_a_whole() -> None:
    assert method("helper(self)").is_whole
    assert method("*self = x;").is_whole
    assert not method("self.a").is_whole


def test_statics_and_those_that_macros_make() -> None:
    found = read(
        "static mut A: u8 = 1;\npub static B: LazyLock<Mutex<x::C>> = LazyLock::new(f);\n"
        "lazy_static! {\n    pub static ref D: RwLock<E> = f();\n}\nthread_local!(static F: RefCell<u8> = g());"
    ).statics
    assert [(s.name, s.line, s.is_mutable, s.is_public, s.types, s.maker) for s in found] == [
        ("A", 1, True, False, ("u8",), ""),
        ("B", 2, False, True, ("LazyLock", "Mutex", "x::C"), ""),
        ("D", 4, False, True, ("RwLock", "E"), "lazy_static"),
        ("F", 6, False, False, ("RefCell", "u8"), "thread_local"),
    ]


def test_test_code_is_marked() -> None:
    found = read("fn a() {}\n#[cfg(test)] mod tests {\n fn c() {} struct S; }\n#[test]\nfn d() {}")
    assert [t.is_test for t in found.types] == [True]
    assert [(f.name, f.is_test) for f in found.functions] == [("a", False), ("d", True), ("c", True)]


SOURCE = """
pub struct S { a: u8 } impl Tr for S { fn m(&self) -> Option<B> { self.a.max(1) } } trait Tr: X { fn m(&self); }
static A: u8 = 1; fn f(x: &dyn Tr) { g(x) } fn h() {} enum E { F(G) } type T = Vec<S>;
"""


def test_the_store_keeps_all() -> None:
    facts = read(SOURCE)
    assert all(facts)
    assert decode_types(encode_types(facts)) == facts


def test_uses_are_the_same_with_types_and_without() -> None:
    assert extract_both(SOURCE.encode())[0] == extract(SOURCE.encode())


@given(st.text(alphabet="selfmatchSE.:<>(){}[]=&'\"/*#r! \n0a", max_size=200))
def test_no_text_breaks_it(text: str) -> None:
    facts = read(f"impl S {{ fn m(&self) {{ {text} }} }} {text}")
    assert decode_types(encode_types(facts)) == facts
