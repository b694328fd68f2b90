"""The measures of code: what counts for what, in both modes, and what no change of form may alter."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rust_ai_ide.architecture.metrics.measuring import measure
from rust_ai_ide.architecture.metrics.spaces import Metrics, Mode, Space, SpaceKind
from rust_ai_ide.source.syntax.parsing import NotAnalysable


def measured(code: str, mode: Mode = Mode.COMPATIBLE) -> Space:
    return measure(code.encode(), "lib.rs", mode)


def of_function(code: str, mode: Mode = Mode.COMPATIBLE) -> Metrics:
    return measured(code, mode).spaces[0].metrics


def test_a_file_is_a_space_and_so_are_functions_closures_impls_and_traits() -> None:
    code = "impl<T>  Map<T>\nwhere T: Copy {\n    fn a(&self) { b(|| 1); }\n}\n\ntrait Shape { fn area(&self) { } }\n"
    unit = measured(code)
    assert (unit.name, unit.kind, unit.start_line, unit.end_line) == ("lib.rs", SpaceKind.UNIT, 1, 6)
    block, trait = unit.spaces
    assert (block.name, block.kind, block.start_line, block.end_line) == ("Map<T>", SpaceKind.IMPL, 1, 4)
    assert (trait.name, trait.kind) == ("Shape", SpaceKind.TRAIT)
    (method,) = block.spaces
    (closure,) = method.spaces
    assert (method.name, closure.name) == ("a", "<anonymous>")
    assert (unit.metrics.functions, unit.metrics.closures) == (2, 1)
    assert unit.metrics.cyclomatic == 6  # one for each space


@pytest.mark.parametrize(
    ("body", "compatible", "corrected"),
    [
        ("", 1, 1),
        ("if a { b() }", 2, 2),
        ("if a && b || c { d() }", 4, 4),
        ("for x in y { while z { } loop { } }", 4, 4),
        ("a()?.b()?", 3, 3),
        ("match a { 1 => {} 2 => {} _ => {} }", 4, 3),
        ("match a {}", 1, 1),
        ("let Some(x) = y else { return };", 1, 2),
        ("call!(|| 1)", 2, 1),
    ],
)
def test_cyclomatic_complexity(body: str, compatible: int, corrected: int) -> None:
    code = f"fn f() {{ {body} }}"
    assert of_function(code).cyclomatic == compatible
    assert of_function(code, Mode.CORRECTED).cyclomatic == corrected


@pytest.mark.parametrize(
    ("body", "compatible", "corrected"),
    [
        ("if a { b() }", 1, 1),
        ("if a { b() } else { c() }", 2, 2),
        ("if a { b() } else if c { d() } else { e() }", 3, 3),
        ("if a { if b { c() } }", 3, 3),
        ("for x in y { match x { _ => if z { } } }", 6, 6),
        ("loop { if a { break } }", 1, 3),
        ("if a && b && c { }", 2, 2),
        ("if a && b || c { }", 3, 3),
        ("'x: for a in b { break 'x; }", 2, 2),
        ("each(|x| if x { })", 2, 2),
        ("fn g() { if a { } }", 2, 2),
    ],
)
def test_cognitive_complexity(body: str, compatible: int, corrected: int) -> None:
    code = f"fn f() {{ {body} }}"
    assert of_function(code).cognitive == compatible
    assert of_function(code, Mode.CORRECTED).cognitive == corrected


def test_lines_are_told_by_what_stands_on_them() -> None:
    code = (
        "//! About.\n"  # a comment
        "\n"  # blank
        "fn f() {\n"
        "    /* two\n"
        "       lines */\n"
        "    let a = 1; // beside code\n"
        "    /* before */ let b = 2;\n"
        "\n"
        "    a + b\n"
        "}\n"
    )
    metrics = measured(code).metrics
    assert (metrics.sloc, metrics.ploc, metrics.cloc, metrics.blank) == (10, 5, 5, 2)
    assert metrics.lloc == 2
    function = of_function(code)
    assert (function.sloc, function.ploc, function.cloc, function.blank) == (8, 5, 4, 1)


def test_operators_and_operands_are_counted_and_told_apart() -> None:
    # Operators: fn ( { = + * ; let, operands: f a b 2.
    metrics = of_function("fn f() { let a = b + b * 2; }")
    assert (metrics.distinct_operators, metrics.operators) == (8, 8)
    assert (metrics.distinct_operands, metrics.operands) == (4, 5)
    assert metrics.volume == pytest.approx(13 * 3.584962500721156)
    assert metrics.difficulty == pytest.approx(8 / 2 * 5 / 4)
    assert metrics.effort == pytest.approx(metrics.volume * 5)


def test_the_maintainability_index_follows_its_formulas() -> None:
    metrics = of_function("fn f() {\n    // why\n    let a = b + b * 2;\n}")
    assert metrics.mi_original == pytest.approx(128.3352, abs=1e-3)
    assert metrics.mi_sei == pytest.approx(144.5209, abs=1e-3)
    assert metrics.mi_visual_studio == pytest.approx(75.0498, abs=1e-3)


def test_what_has_no_code_has_no_index() -> None:
    metrics = measured("").metrics
    assert (metrics.sloc, metrics.ploc, metrics.cyclomatic) == (0, 0, 1)
    assert metrics.mi_original is metrics.mi_sei is metrics.mi_visual_studio is metrics.difficulty is None
    assert measured("// nothing\n").metrics.mi_original is None


def test_the_last_line_counts_without_its_break_where_corrected() -> None:
    assert measured("fn f() {}").metrics.sloc == 0
    whole = measured("fn f() {}", Mode.CORRECTED)
    assert (whole.end_line, whole.metrics.sloc, whole.metrics.blank) == (1, 1, 0)


def test_ways_out_are_counted() -> None:
    assert of_function("fn f() -> u8 { if a { return 1; } b()?; 2 }").exits == 3
    assert of_function("fn f() { g(); }").exits == 0


def test_hundreds_of_closures_inside_each_other_are_measured() -> None:
    deep = 300
    space = measured("fn f() { " + "|| " * deep + "1; }")
    assert space.metrics.closures == deep


def test_code_that_is_half_written_is_measured() -> None:
    assert measured("fn f( { if a { \nfn g() {}\n").metrics.cyclomatic >= 1
    with pytest.raises(NotAnalysable):
        measured("fn f() {\0}")


ITEMS = st.sampled_from(
    [
        "fn a(x: u8) -> u8 { if x > 1 { x } else { 2 } }",
        "/// Says so.\nfn b() { for i in 0..9 { if i == 2 && c { break; } } }",
        "impl A { fn d(&self) { self.e.map(|x| x?.y); } }",
        "trait F { fn g() { match h { 1 => {} _ => {} } } }",
        "struct I; // beside",
        "/* apart */\nconst J: u8 = 1;",
    ]
)


@settings(max_examples=60, deadline=None)
@given(st.lists(ITEMS, min_size=1, max_size=6), st.sampled_from(Mode))
def test_a_file_is_the_sum_of_its_items(items: list[str], mode: Mode) -> None:
    whole = measured("\n".join(items) + "\n", mode).metrics
    parts = [measured(item + "\n", mode).metrics for item in items]
    for name in (
        "cognitive",
        "exits",
        "functions",
        "closures",
        "sloc",
        "ploc",
        "lloc",
        "cloc",
        "blank",
        "operators",
        "operands",
    ):
        assert getattr(whole, name) == sum(getattr(part, name) for part in parts), name
    assert whole.cyclomatic - 1 == sum(part.cyclomatic - 1 for part in parts)


@settings(max_examples=60, deadline=None)
@given(st.lists(ITEMS, min_size=1, max_size=6), st.integers(1, 5))
def test_empty_lines_change_nothing_else(items: list[str], count: int) -> None:
    tight = measured("\n".join(items) + "\n").metrics
    loose = measured(("\n" * (count + 1)).join(items) + "\n").metrics
    added = count * (len(items) - 1)
    assert loose.blank - tight.blank == loose.sloc - tight.sloc == added
    same = ("cyclomatic", "cognitive", "exits", "ploc", "lloc", "cloc", "operators", "distinct_operands")
    assert all(getattr(loose, name) == getattr(tight, name) for name in same)
