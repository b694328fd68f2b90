"""The rules about what loops do in each round: what they report, and what they leave alone."""

import pytest

from tests.review.mended import found


@pytest.mark.parametrize(
    ("body", "count"),
    [
        ('for x in y { s = format!("{s}, {x}"); }', 1),
        ('for x in y { s = format!("{}{}", s, x); }', 1),
        ('while a { self.s = format!("{}\\n", self.s); }', 1),
        ("loop { s = s.clone() + x + y; }", 1),
        ("loop { s = s + x; }", 0),
        ("loop { s = x.clone() + s; }", 0),
        ('s = format!("{s}, {x}");', 0),
        ('for x in y { t = format!("{s}, {x}"); }', 0),
        ('for x in y { s = format!("{x}, {s}"); }', 0),
        ('for x in y { s = format!("{s}"); }', 0),
        ('for x in y { s = format!("{{s}}, {x}"); }', 0),
        ('for s in y { s = format!("{s}, {x}"); }', 0),
        ('for x in y { let mut s = a(); s = format!("{s}, {x}"); }', 0),
        ('for x in y { s = format!("{s}, {x}"); break; }', 0),
        ('for x in y { call(|| s = format!("{s}, {x}")); }', 0),
    ],
)
def test_text_that_is_copied_to_grow(body: str, count: int) -> None:
    assert len(found("string_building_in_loop", f"fn f() {{ {body} }}")) == count


@pytest.mark.parametrize(
    ("body", "count"),
    [
        ("let mut v = Vec::new(); for x in y { if !v.contains(&x) { v.push(x); } }", 1),
        ("let mut v: Vec<u8> = vec![]; for x in y { if v.iter().any(|a| *a == x) { b(); } v.push(x); }", 1),
        ("let mut v = Vec::new(); for x in y { v.iter().position(|a| a == &x); v.extend(x); }", 1),
        ("let mut v = Vec::new(); for x in y { v.push(x); } v.contains(&z);", 0),
        ("let mut v = HashSet::new(); for x in y { if !v.contains(&x) { v.push(x); } }", 0),
        ("let mut v = Vec::new(); for x in y { if !v.contains(&x) { w.push(x); } }", 0),
        ('let mut v = Vec::new(); for x in y { if !v.contains(&"a") { v.push(x); } }', 0),
        ("for x in y { let mut v = Vec::new(); v.push(x); v.contains(&x); }", 0),
        ("let mut v = Vec::new(); for x in y { v.iter().any(|a| a.is_old()); v.push(x); }", 0),
        ("let mut v = Vec::new(); for x in y { v.push(x); return v.contains(&x); }", 0),
        ("let mut v = Vec::new(); for x in y { if v.iter().any(|a| a.b == Kind::C) { d(); } v.push(x); }", 0),
        (
            "let mut v = vec![]; for x in y { if let Some(p) = v.iter().position(|a| a == x) { v.insert(p, x); }",
            0,
        ),
        (
            "let mut v = vec![]; for x in y { if !v.contains(&x) { v.push(x); } if v.len() == ALL { break; } }",
            0,
        ),
        ("let a = [b, c]; let mut v = vec![]; for x in a { if !v.contains(&x) { v.push(x); } }", 0),
        ("let mut v = vec![]; for x in [b, c] { if !v.contains(&x) { v.push(x); } }", 0),
    ],
)
def test_searches_of_what_the_loop_makes_longer(body: str, count: int) -> None:
    assert len(found("linear_search_in_loop", f"fn f() {{ {body} }}")) == count


@pytest.mark.parametrize(
    ("body", "count"),
    [
        ("for a in b { call(&x.clone()); }", 1),
        ("while call(&x.to_string()) {}", 1),
        ("loop { call(&x.to_vec()); }", 1),
        ("call(&x.clone());", 0),
        ("for a in b { call(x.clone()); }", 0),
        ("for a in b { call(&mut x.clone()); }", 0),
        ("for a in b { call(&a.clone()); }", 0),
        ("for (_, x) in b { call(&x.clone()); }", 0),
        ("for a in b { let x = a; call(&x.clone()); }", 0),
        ("while let Some(x) = a { call(&x.clone()); }", 0),
        ("for a in b { match a { Some(x) => call(&x.clone()), None => {} } }", 0),
        ("let mut x = y; for a in b { call(&x.clone()); x.push(a); }", 0),
        ("for a in b { call(&x.y.clone()); }", 0),
        ("for a in b { call(|x| &x.clone()); }", 0),
        ("for a in b { return call(&x.clone()); }", 0),
    ],
)
def test_copies_that_are_only_borrowed(body: str, count: int) -> None:
    assert len(found("clone_in_loop", f"fn f(x: String) {{ {body} }}")) == count


def test_very_long_functions_are_left_alone() -> None:
    body = "call(&x.clone()); " * 2_000
    assert not found("clone_in_loop", f"fn f(x: String) {{ for a in b {{ {body} }} }}")


@pytest.mark.parametrize(
    ("body", "count"),
    [
        ("while a() { v.remove(0); }", 1),
        ("for x in y { self.v.insert(0, x); }", 1),
        ("while let Some(x) = v.first() { if b(x) { v.remove(0); } else { break; } }", 1),
        ("v.remove(0);", 0),
        ("for x in y { v.remove(1); }", 0),
        ("for x in y { v[x].insert(0, z); }", 0),
        ("for x in y { if let Some(s) = x { s.text.remove(0); } }", 0),
        ("for x in y { v.clear(); v.push_str(x); v.remove(0); }", 0),
        ("for x in y { v.remove(0); v.push(x); }", 0),
        ("while v.len() < 3 { v.insert(0, x); }", 0),
        ("while v.len() < n { v.insert(0, x); }", 1),
    ],
)
def test_fronts_that_are_changed_in_each_round(body: str, count: int) -> None:
    assert len(found("front_shift_in_loop", f"fn f() {{ {body} }}")) == count


@pytest.mark.parametrize(
    ("body", "count"),
    [
        ("loop { let mut a = String::new(); r.read_line(&mut a)?; b(&a); }", 1),
        (
            'for x in y { let mut a = String::with_capacity(64); write!(a, "{x}")?; println!("{} {a}", b); }',
            1,
        ),
        ('for x in y { let mut a = String::new(); a.push_str(x); println!("{}", a); }', 1),
        ("while b() { let mut a = vec![0u8; 4 * KIB]; let n = r.read(&mut a)?; c(&a[..n]); }", 1),
        ("for x in y { let mut a: Vec<u8> = Vec::new(); x.b(&mut a); c(&a); }", 1),
        ("for x in y { let mut a = Vec::new(); x.read_to_end(&mut a)?; c(&a); }", 1),
        ("let mut a = String::new(); for x in y { a.push_str(x); }", 0),
        ("for x in y { let mut a = Vec::new(); a.push(x); c(&a); }", 0),
        ("for x in y { let mut a: Vec<&str> = Vec::new(); a.push(x); c(&a); }", 0),
        ("for x in y { let mut a = String::new(); a.push_str(x); all.push(a); }", 0),
        ("for x in y { let mut a = String::new(); a.push_str(x); all.insert(x, a.into_bytes()); }", 0),
        ("for x in y { let mut a = String::new(); a.push_str(x); b.c = S { a }; }", 0),
        ("for x in y { let mut a = String::new(); a.push_str(x); spawn(move || b(&a)); }", 0),
        ("for x in y { let mut a = String::new(); a.push_str(x); b(mem::take(&mut a)); }", 0),
        ("for x in y { let mut a = vec![0; x.len()]; x.read(&mut a); }", 0),
        ("for x in y { let a = String::new(); b(&a); }", 0),
        ("for x in y { if x { let mut a = String::new(); a.push(x); b(&a); } }", 0),
        ("for x in y { let mut a = String::new(); a.push(x); b(&a); break; }", 0),
        ("for x in y { c(|| { let mut a = String::new(); a.push(x); b(&a); }); }", 0),
    ],
)
def test_buffers_made_anew(body: str, count: int) -> None:
    assert len(found("allocation_in_loop", f"fn f() {{ {body} }}")) == count
