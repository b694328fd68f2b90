"""The rules about names and imports: what they report, what they leave alone, and their fixes."""

import pytest

from tests.review.mended import found, mended


@pytest.mark.parametrize(
    ("variants", "count"),
    [
        ("FoodGood, FoodBad, FoodOld", 1),
        ("PutData, GetData, DropData", 1),
        ("PutXYData, GetXYData, DropXYData", 1),
        ("_TypeNew, _TypeOld, _TypeBad", 1),
        ("TyöYksi, TyöKaksi, TyöKolme", 1),
        ("FoodGood, FoodBad", 0),
        ("Food1, Food2, Food3", 0),
        ("Red, Green, Blue", 0),
        ("Pre, PreOld, PreNew", 0),
        ("_One, _Two, _Three", 0),
        ("KB, MB, GB", 0),
        ("Tls1_0, Tls1_1, Tls1_2", 0),
        ("KindOld, One, Two", 1),
        ("OldKind, One, Two", 1),
        ("Kindness, One, Two", 0),
        ("OldKind(a::OldKind), One, Two", 0),
        ("", 0),
    ],
)
def test_variants_that_repeat_a_word(variants: str, count: int) -> None:
    assert len(found("enum_variant_names", f"enum Kind {{ {variants} }}")) == count
    assert not found("enum_variant_names", f"pub enum Kind {{ {variants} }}")
    assert not found("enum_variant_names", f"#[allow(clippy::enum_variant_names)] enum Kind {{ {variants} }}")
    assert not found("enum_variant_names", f"#[allow(non_camel_case_types)] enum Kind {{ {variants} }}")


@pytest.mark.parametrize(
    ("code", "count"),
    [
        ("struct JSON;", 1),
        ("struct Json;", 0),
        ("pub struct JSON;", 0),
        ("struct IO;", 0),
        ("struct X86;", 0),
        ("enum Digest { SHA256, MD5 }", 0),
        ("struct FOO_BAR;", 0),
        ("#[repr(C)] struct JSON { a: u8 }", 0),
        ("enum Flag { ACK, Syn, FIN }", 2),
        ("pub enum Flag { ACK, SYN }", 0),
        ("enum Flag { #[allow(clippy::upper_case_acronyms)] ACK, SYN }", 1),
        ("impl Parse for Json { type AST = Tree; }", 0),
        ("macro_rules! a { () => { struct JSON; } }", 0),
    ],
)
def test_capitals_in_types(code: str, count: int) -> None:
    assert len(found("upper_case_acronyms", code)) == count


@pytest.mark.parametrize(
    ("code", "count"),
    [
        ("let _1 = a;", 1),
        ("let __ = a;", 0),
        ("let (_1, _2) = a;", 2),
        ("if let Some(_1) = a {}", 1),
        ("a.map(|_1| b);", 1),
        ("let _1_old = a;", 0),
        ("let _ = a;", 0),
        ("let b = a(_1);", 0),
        ("let b = 1_000;", 0),
        ('let b = "let _1 = a;";', 0),
        ("a!(let _1 = b);", 0),
    ],
)
def test_names_without_a_letter(code: str, count: int) -> None:
    assert len(found("just_underscores_and_digits", f"fn f(a: A) {{ {code} }}")) == count


def test_modules_named_alike() -> None:
    assert found("module_inception", "mod a { mod a {} }")
    assert not found("module_inception", "mod a { fn f() { mod a {} } }")


@pytest.mark.parametrize(
    ("code", "count"),
    [
        ("use a::b::*;", 1),
        ("use a::{b::*, c::*};", 2),
        ("use a::{self, *};", 1),
        ("use a :: b ::\n  *;", 1),
        ("fn f() { use a::*; }", 1),
        ("use a::prelude::*;", 0),
        ("use a::prelude::{v1::*, Name};", 0),
        ("use a::Kind::*;", 0),
        ("pub use a::*;", 0),
        ("pub(crate) use a::*;", 0),
        ("mod b { use super::*; }", 1),
        ("mod tests { use super::*; }", 0),
        ("#[cfg(test)] mod b { mod c { use super::super::*; } }", 0),
        ("macro_rules! a { () => { use b::*; } }", 0),
    ],
)
def test_imports_of_everything(code: str, count: int) -> None:
    assert len(found("wildcard_imports", code)) == count


@pytest.mark.parametrize(
    ("written", "wanted"),
    [
        ("use regex;\nuse crate::a;\n", "use crate::a;\n"),
        ("use crate::a;\nmod b {\n    use regex;\n}\n", "use crate::a;\nmod b {\n}\n"),
        ("use regex; // why\nuse crate::a;\n", "use regex; // why\nuse crate::a;\n"),
        ("#[macro_use]\nuse regex;\nuse crate::a;\n", "#[macro_use]\nuse regex;\nuse crate::a;\n"),
        ("use regex;\nuse a::b;\n", "use regex;\nuse a::b;\n"),
    ],
)
def test_imports_of_a_bare_name_are_removed(written: str, wanted: str) -> None:
    assert found("single_component_path_imports", written)
    assert mended("single_component_path_imports", written) == wanted


@pytest.mark.parametrize(
    "code",
    [
        "pub use regex;",
        "use regex as r;",
        "use {Error, Kind};",
        "use regex; fn f() { self::regex::new() }",
        "use regex; macro_rules! regex { () => {} }",
        "fn f() { use regex; }",
    ],
)
def test_bare_names_that_are_needed(code: str) -> None:
    assert not found("single_component_path_imports", code)


def test_bare_names_are_doubtful_where_the_edition_does_not_show() -> None:
    (old,) = found("single_component_path_imports", "mod a { use regex; }")
    (new,) = found("single_component_path_imports", "mod a { use regex; async fn f() {} }")
    assert old.confidence < 0.6 < new.confidence


@pytest.mark.parametrize(
    ("fields", "count"),
    [
        ("{ pub a: A, b: B, c: C }", 1),
        ("{ a: A, pub b: B }", 1),
        ("(pub A, B)", 1),
        ("(#[serde(skip)] pub A, pub B)", 0),
        ("{ pub a: A, pub b: B }", 0),
        ("{ pub a: A, pub(crate) b: B }", 1),
        (";", 0),
    ],
)
def test_structs_that_are_public_in_part(fields: str, count: int) -> None:
    assert len(found("partial_pub_fields", f"struct S {fields}")) == count


@pytest.mark.parametrize(
    ("rule", "code"),
    [
        ("non_snake_case", "fn readLine() {}"),
        ("non_camel_case_types", "struct http_client;"),
        ("non_upper_case_globals", "const maxRetries: u32 = 3;"),
    ],
)
def test_names_of_files_that_bind_another_language(rule: str, code: str) -> None:
    assert len(found(rule, code)) == 1
    assert not found(rule, f"{code}\nfn call(code: c_int) {{}}")
    assert not found(rule, f"/* generated with bindgen */\n{code}")


@pytest.mark.parametrize(
    ("rule", "code"),
    [
        ("non_camel_case_types", "pub type dev_t = u64;"),
        ("non_camel_case_types", "enum Accessibility { r#None }"),
        ("non_upper_case_globals", "pub const TPM2_CC_SelfTest: TPM2_CC = 0x143;"),
    ],
)
def test_names_that_are_those_of_others(rule: str, code: str) -> None:
    assert not found(rule, code)
