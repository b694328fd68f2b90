"""The rules about patterns: what they report, what they leave alone, and their fixes."""

import pytest

from tests.review.mended import found, mended_in_function


@pytest.mark.parametrize(
    ("written", "wanted"),
    [
        ("(0, _, _, ..)", "(0, ..)"),
        ("(.., _, 0)", "(.., 0)"),
        ("(_, .., _)", "(..)"),
        ("S(0, .., _,)", "S(0, ..,)"),
        ("S { a, b: _, c: _, .. }", "S { a, .. }"),
        ("S { b: _, .. }", "S { .. }"),
        ("(_, 0, ..)", "(_, 0, ..)"),
        ("(0, _, _)", "(0, _, _)"),
        ("[0, _, ..]", "[0, _, ..]"),
        ("S { b: _, a, .. }", "S { b: _, a, .. }"),
    ],
)
def test_wildcards_beside_the_rest_go(written: str, wanted: str) -> None:
    assert mended_in_function("unneeded_wildcard_pattern", f"if let {written} = t {{}}") == (
        f"if let {wanted} = t {{}}"
    )


def test_a_comment_in_a_pattern_is_not_lost() -> None:
    (finding,) = found("unneeded_wildcard_pattern", "fn f() { let (a, _ /* why */, ..) = t; }")
    assert not finding.fix


@pytest.mark.parametrize(
    ("written", "wanted"),
    [
        ("Some(1) | Some(2) | Some(3)", "Some(1 | 2 | 3)"),
        ("Some(1) | C | Some(2)", "Some(1 | 2) | C"),
        ("Some(Some(0)) | Some(Some(1) | Some(2))", "Some(Some(0 | 1 | 2))"),
        ("0 | (1 | 2)", "0 | 1 | 2"),
        ("(x, 0) | (x, 1)", "(x, 0 | 1)"),
        ("((0,),) | ((1,) | (2,),)", "((0 | 1 | 2,),)"),
        ("&mut 0 | &mut 2", "&mut (0 | 2)"),
        ("x @ 0 | x @ 2", "x @ (0 | 2)"),
        ("[x, 0] | [x, 1]", "[x, 0 | 1]"),
        ("a::S { x: 0, y } | a::S { y, x: 1 }", "a::S { x: 0 | 1, y }"),
        ("&0 | &2", "&0 | &2"),
        ("Ok(1) | Err(1)", "Ok(1) | Err(1)"),
        ("(0, 1) | (1, 2)", "(0, 1) | (1, 2)"),
        ("(x, ..) | (x, 1)", "(x, ..) | (x, 1)"),
        ("S { x } | S { x }", "S { x } | S { x }"),
        ("S { x: 0, .. } | S { x: 1 }", "S { x: 0, .. } | S { x: 1 }"),
    ],
)
def test_alternatives_that_differ_in_one_place_are_joined(written: str, wanted: str) -> None:
    body = "match a {{ {} => 1, _ => 2 }}"
    assert mended_in_function("unnested_or_patterns", body.format(written)) == body.format(wanted)


def test_a_pattern_is_reported_once() -> None:
    source = "fn f() { if let Some(Some(0) | Some(1)) | Some(Some(2) | Some(3)) = a {} }"
    assert len(found("unnested_or_patterns", source)) == 1


def test_many_alternatives_take_no_time() -> None:
    alternatives = " | ".join(f"({n}, {n}, A{n}(..))" for n in range(400))
    assert not found("unnested_or_patterns", f"fn f() {{ match a {{ {alternatives} => 1 }} }}")
