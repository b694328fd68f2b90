"""Changed copies parse, differ, and mean the same."""

import random
import re

import pytest

from rust_ai_ide.source.syntax.parsing import parse_rust
from rust_ai_ide.training.datasets.augmenting import AUGMENTATIONS, augment
from rust_ai_ide.training.datasets.augmenting.edits import nodes, text_of
from tests.training.rust import rust

WORD = re.compile(r"[A-Za-z_]\w*")
FULL = """//! A file.
use std::fmt;

/// Adds up `wanted` parts.
pub fn total(parts: &[u64], wanted: usize) -> Result<u64, String> {
    let mut sum = 0; // so far
    for part in parts {
        let sum_before = sum;
        sum += part;
        if sum < sum_before {
            return Err(format!("part {part} is too large"));
        }
    }
    let point = Point { sum, parts: parts.len() };
    let Point { sum, parts } = point;
    if sum > 10 {
        println!("{}", sum);
    } else {
        log!(parts);
    }
    let sum = |extra: u64| sum + extra;
    return Ok(sum(1));
}

impl<T> Holder<T> {
    #[inline]
    fn find(&self, key: &str) -> Option<&T> {
        /* look */
        if let Some(entry) = self.entries.get(key) {
            Some(entry)
        } else {
            None
        }
    }
}
"""
TEXTS = [FULL, *(rust(seed) for seed in range(6))]


@pytest.mark.parametrize("name", AUGMENTATIONS)
def test_a_changed_copy_parses_differs_and_is_the_same_again(name):
    made = 0
    for text in TEXTS:
        for seed in map(str, range(8)):
            changed = augment(text, name, seed)
            assert changed == augment(text, name, seed)
            if changed is not None:
                made += 1
                assert changed != text
                assert not parse_rust(changed.encode()).root_node.has_error
    assert made >= 8


def shape(text: str) -> list[str]:
    """Return the kinds of nodes, with the shorthands that renaming writes out taken as what they stand for."""
    tree = parse_rust(text.encode())
    return [
        node.type for node in nodes(tree.root_node, "(_) @n") if node.type in ("call_expression", "block")
    ]


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("text", TEXTS, ids=range(len(TEXTS)))
def test_renaming_takes_one_new_name_for_each_old_one(text, seed):
    changed = AUGMENTATIONS["variableRenaming"](
        text.encode(), parse_rust(text.encode()), random.Random(seed)
    ).decode()
    assert shape(changed) == shape(text)
    # A shorthand field that was written out is `old: new`; folded again, the words must match one to one.
    mapping: dict[str, set[str]] = {}
    for old, new in zip(functions(text), functions(changed), strict=True):
        fresh = set(WORD.findall(changed)) - set(WORD.findall(text))
        folded = re.sub(rf"\b\w+: ({'|'.join(fresh) or '-'})\b(?=[ ,}}])(?!:)", r"\1", new)
        for before, after in zip(
            WORD.findall(fold_types(old)), WORD.findall(fold_types(folded)), strict=True
        ):
            mapping.setdefault(f"{old[:30]} {before}", set()).add(after)
    for names in mapping.values():
        assert len(names) == 1, mapping


def functions(text: str) -> list[str]:
    return [text_of(node) for node in nodes(parse_rust(text.encode()).root_node, "(function_item) @f")]


def fold_types(text: str) -> str:
    return re.sub(r"\w+: (?=&|u64|usize)", "", text)


def rename_all(text: str) -> str:
    """Rename with the first seed that changes anything, then all that further seeds can change, too."""
    for seed in range(40):
        text = augment(text, "variableRenaming", str(seed)) or text
    return text


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("fn f(a: u8) { println!(\"{a}\"); }", "a"),
        ("fn f(a: u8) { println!(\"{:>a$}\", 1); }", "a"),
        ("fn f(a: u8) { custom!(a); }", "a"),
        ("fn f(a: u8) { println!(\"{a}\", a = a); }", "a"),
        ("fn f() { let len = len(1); }", "len"),
        ("fn f() { let limit = limit; }", "limit"),
        ("use x::limit; fn f(limit: u8) { limit; }", "limit"),
        ("const fn g() {} fn f(g: u8) { g; }", "g"),
        ("#[wrap(a)] fn f(a: u8) { a; }", "a"),
        ("#[wrap] fn f(a: u8) { a; }", "a"),
        ("/// Takes `a`.\nfn f(a: u8) { a; }", "a"),
        ("fn f() { a::b(); let a = 1; }", "a"),
        ("fn f(x: T) { x.field; x.method(); T { field: x }; }", "field"),
        ("fn f(x: T) { 'x: loop { break 'x; } }", "'x"),
        ("fn f() { macro_rules! m { ($a:expr) => { $a } } let a = 1; m!(a); }", "a"),
    ],
)  # fmt: skip
def test_a_name_that_may_mean_something_else_is_left_alone(text, kept):
    assert not parse_rust(text.encode()).root_node.has_error
    assert rename_all(text).count(kept) == text.count(kept)


@pytest.mark.parametrize(
    ("text", "pattern"),
    [
        ("fn f(a: u8) { let a = 1; a; }", r"fn f\((\w+): u8\) \{ let \1 = 1; \1; \}"),
        ("fn f(a: u8) { P { a }; }", r"fn f\((\w+): u8\) \{ P \{ a: \1 \}; \}"),
        ("fn f(p: P) { let P { ref mut a, .. } = q; a; }", r".*P \{ a: ref mut (\w+), \.\. \} = q; \1; \}"),
        ("fn f(a: u8) { assert_eq!(a, b.a); }", r"fn f\((\w+): u8\) \{ assert_eq!\(\1, b\.a\); \}"),
        ("fn f() { x.map(|a| a + 1); }", r"fn f\(\) \{ x\.map\(\|(\w+)\| \1 \+ 1\); \}"),
        ("fn f() { match x { Some(a) if a > 1 => a, _ => 0 }; }", r".*Some\((\w+)\) if \1 > 1 => \1, .*"),
    ],
)  # fmt: skip
def test_a_local_name_is_changed_everywhere(text, pattern):
    changed = rename_all(text)
    found = re.fullmatch(pattern, changed)
    assert found, changed
    assert found[1] != "a"


def test_comments_go_with_their_lines():
    text = '//! Top.\nfn f() {\n    // One.\n    let a = 1; // two\n    g(a, /* three */ "// no");\n}\n'
    assert augment(text, "commentRemoval", "1") == 'fn f() {\n    let a = 1;\n    g(a,   "// no");\n}\n'


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("fn f() { if a { 1 } else { 2 } }", "fn f() { if !(a) { 2 } else { 1 } }"),
        ("fn f() { if !a { 1 } else { 2 } }", "fn f() { if a { 2 } else { 1 } }"),
        ("fn f() { a < 1; }", "fn f() { 1 > a; }"),
        ("fn f() { a += 1; }", "fn f() { a = a + 1; }"),
        ("fn f() -> u8 { return a; }", "fn f() -> u8 { a }"),
        ("fn f() { if let Some(a) = b { 1 } else { 2 } }",
         "fn f() { match b {\n    Some(a) => { 1 }\n    _ => { 2 }\n} }"),
    ],
)  # fmt: skip
def test_a_pattern_is_written_otherwise(text, wanted):
    assert augment(text, "patternVariations", "1") == wanted


@pytest.mark.parametrize(
    "text",
    [
        "fn f() { if a { 1 } else if b { 2 } }",
        "fn f() { if let Some(a) = b && c { 1 } else { 2 } }",
        "fn f() -> u8 { return a.lock().len(); }",
        "fn f() { *a += 1; a += b; }",
        "fn f() { g(1) < a; m!(if a { 1 } else { 2 }); }",
    ],
)
def test_what_may_mean_something_else_stays(text):
    assert augment(text, "patternVariations", "1") is None


def test_a_method_stands_in_its_impl():
    text = "impl<T> Holder<T> {\n    /// Finds.\n    fn find(&self) {\n        one();\n\n        two();\n    }\n}\n"
    assert augment(f"struct Other;\n{text}", "functionExtraction", "1") == text


def test_what_does_not_parse_is_not_changed():
    assert all(augment("fn f( { let a = 1; // x", name, "1") is None for name in AUGMENTATIONS)
