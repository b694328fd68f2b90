"""The outline names the items of a file."""

from hypothesis import given
from hypothesis import strategies as st

from rust_ai_ide.source.syntax.outline import outline
from rust_ai_ide.source.syntax.parsing import NotAnalysable

SOURCE = b"""\
pub mod shapes {
    /// Round.
    #[derive(Clone)]
    pub struct Circle { r: f64 }

    impl  Shape
        for Circle {
        fn area(&self) -> f64 { 3.0 }
    }
}
pub(crate) trait Shape { fn area(&self) -> f64; type Unit; }
impl<T> Stack<T> { const MAX: u8 = 1; }
static S: u8 = 0;
type Alias = u8;
macro_rules! inner { () => {} }
#[macro_export]
macro_rules! outer { () => {} }
enum E { A }
fn run() { fn nested() {} }

#[cfg(test)]
mod tests {
    #[test]
    fn works() {}
}
"""


def test_items_come_in_order_with_depth_and_lines() -> None:
    rows = [(item.kind, item.name, item.start_line, item.end_line, item.depth) for item in outline(SOURCE)]
    assert rows == [
        ("mod", "shapes", 1, 10, 0),
        ("struct", "Circle", 4, 4, 1),
        ("impl", "Shape for Circle", 6, 9, 1),
        ("fn", "area", 8, 8, 2),
        ("trait", "Shape", 11, 11, 0),
        ("fn", "area", 11, 11, 1),
        ("type", "Unit", 11, 11, 1),
        ("impl", "Stack<T>", 12, 12, 0),
        ("const", "MAX", 12, 12, 1),
        ("static", "S", 13, 13, 0),
        ("type", "Alias", 14, 14, 0),
        ("macro", "inner", 15, 15, 0),
        ("macro", "outer", 17, 17, 0),
        ("enum", "E", 18, 18, 0),
        ("fn", "run", 19, 19, 0),
        ("fn", "nested", 19, 19, 1),
        ("mod", "tests", 22, 25, 0),
        ("fn", "works", 24, 24, 1),
    ]


def test_public_items_and_tests_are_marked() -> None:
    items = outline(SOURCE)
    assert {item.name for item in items if item.is_test} == {"tests", "works"}
    assert {item.name for item in items if item.is_public} == {"shapes", "Circle", "Shape", "outer"}


@given(st.binary(max_size=300))
def test_no_bytes_break_the_outline(source: bytes) -> None:
    try:
        items = outline(source)
    except NotAnalysable:
        return
    assert [item.start_line for item in items] == sorted(item.start_line for item in items)
