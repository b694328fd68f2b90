"""The rules about the form of types, traits and modules: what they report and what they leave alone."""

import pytest

from rust_ai_ide.review.config import ReviewConfig
from rust_ai_ide.review.findings import Severity
from rust_ai_ide.review.reviewing import review_source
from tests.review.mended import found

TO_STRING = "impl Version { pub fn to_string(&self) -> String { self.text() } }\n"


@pytest.mark.parametrize(
    ("code", "count"),
    [
        (TO_STRING, 1),
        (f"impl Display for Other {{}}\n{TO_STRING}", 1),
        (f"impl fmt::Display for Version {{}}\n{TO_STRING}", 0),
        (f"impl<T> Display for Version<T> {{}}\n{TO_STRING}", 0),
        (f"macro_rules! m {{ ($t:ty) => {{ impl Display for $t {{}} }} }}\n{TO_STRING}", 0),
        (f"#[derive(Display)]\nstruct Version;\n{TO_STRING}", 0),
    ],
)
def test_to_string_without_display(code: str, count: int) -> None:
    assert len(found("inherent_to_string", code)) == count


@pytest.mark.parametrize(
    ("methods", "confidence"),
    [
        ("pub fn len(&self) -> usize { self.items.len() }", 0.7),
        ("pub fn len(&self) -> usize { self.used }\n    pub fn push(&mut self, item: u8) {}", 0.7),
        ("pub fn len(&self) -> usize { self.end - self.start }", 0.5),
        ("pub fn len(&self) -> u64 { BLOCK * self.blocks.len() as u64 }", 0.5),
    ],
)
def test_lengths_that_count_elements(methods: str, confidence: float) -> None:
    (finding,) = found("len_without_is_empty", f"pub struct S;\nimpl S {{ {methods} }}")
    assert finding.confidence == confidence


@pytest.mark.parametrize(
    ("name", "count"), [("Connection", 1), ("RunOptions", 0), ("TestFlags", 0), ("Cfg", 0)]
)
def test_structs_of_options_may_have_many_bools(name: str, count: int) -> None:
    fields = "a: bool, b: bool, c: bool, d: bool"
    assert len(found("struct_excessive_bools", f"struct {name} {{ {fields} }}")) == count


@pytest.mark.parametrize(
    ("code", "count"),
    [
        ("mod shapes;\npub use shapes::*;", 1),
        ("pub mod prelude { pub use crate::shapes::*; }", 0),
        ("pub use crate::prelude::*;", 0),
        ("pub use self::Shape::*;", 0),
        ("pub(crate) use shapes::*;", 0),
    ],
)
def test_reexports_of_everything(code: str, count: int) -> None:
    assert len(found("glob_reexport", code)) == count


@pytest.mark.parametrize(
    ("head", "count"),
    [
        ("trait Storage", 1),
        ("#[async_trait]\npub trait Storage: Send", 1),
        ("#[cfg(unix)]\n/// Text.\ntrait Storage", 1),
        ("trait Storage: crate::private::Sealed + Send", 0),
        ("trait StorageExt", 0),
        ('#[proxy(interface = "org.example")]\ntrait Storage', 0),
    ],
)
def test_traits_that_others_have_to_implement(head: str, count: int) -> None:
    methods = " ".join(f"fn m{number}(&self);" for number in range(16))
    assert len(found("large_trait", f"{head} {{ {methods} }}")) == count


@pytest.mark.parametrize(
    ("code", "count"),
    [
        ('fn load() { println!("loading"); }', 1),
        ('fn load() { println!("loading"); println!("cargo:rustc-link-lib=z"); }', 0),
        ('fn load() { println!("loading"); println!("cargo::rustc-cfg={x}"); }', 0),
        ('fn debug_print(&self) { println!("{self:?}"); }', 0),
        ('fn dump(&self) { println!("{self:?}"); }', 0),
    ],
)
def test_libraries_that_print(code: str, count: int) -> None:
    assert len(found("print_stdout", code)) == count


@pytest.mark.parametrize(
    "path", ["src/testutil.rs", "src/test_helpers/state.rs", "src/lib.tests.rounding.rs"]
)
def test_code_that_only_tests_use_is_test_code(path: str) -> None:
    config = ReviewConfig(severity_threshold=Severity.INFO)
    assert not review_source(path, b'fn f() { println!("a"); }\n', config).findings
