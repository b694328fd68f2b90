"""Whatever a file holds, a review of it ends, and speaks of places in the file alone."""

import random
from pathlib import Path

import pytest

from rust_ai_ide.review import engine
from rust_ai_ide.review.config import config_from_toml
from rust_ai_ide.review.engine import examine
from rust_ai_ide.review.fixing import fixed
from rust_ai_ide.review.profiles import Profile
from rust_ai_ide.review.reviewing import review_source

PAGES = Path(__file__).parents[2] / "docs" / "rules"
CODE = [
    block.partition("```")[0].encode()
    for page in sorted(PAGES.glob("*.md"))
    for block in page.read_text(encoding="utf-8").split("```rust\n")[1:]
]
CONFIG = config_from_toml("[review]\nmax_comments_per_file = 0\n", Profile.THOROUGH)
INSERTED = [
    b"<<<<<<< ours\n", b"=======\n", b">>>>>>> theirs\n", b"\xef\xbb\xbf", b"\r\n", b"\t", b"\0", b"\xff\xfe",
    b'r###"', b'"###', b"/*/*", b"*/", b"//!", b"///", b"#![", b"#[", b"}", b"{", b"(", b")", b"'", b'"', b"!",
    "ünïcödé".encode(), "\u202e".encode(), b"macro_rules! m { ($x:expr) => {", b"unsafe ", b"async ", b"r#type ",
    b"#[cfg(test)]\n", b"#[expect(clippy::all)]\n", b"// rust-ai-ide: allow(", b"1_000usize", b"..=", b"|", b"let else",
]  # fmt: skip


def mutated(chance: random.Random) -> bytes:
    """Return a few examples in a row with parts cut out, doubled, mixed and put in."""
    source = bytearray(b"\n".join(chance.choices(CODE, k=chance.randint(1, 4))))
    for _ in range(chance.randint(1, 8)):
        start = chance.randrange(len(source) + 1)
        end = min(len(source), start + chance.randint(0, 40))
        kind = chance.randrange(4)
        if kind == 0:
            del source[start:end]
        elif kind == 1:
            source[start:start] = source[start:end]
        elif kind == 2:
            source[start:start] = chance.choice(INSERTED)
        else:
            source[start:end] = bytes(chance.randrange(256) for _ in range(min(3, end - start)))
    return bytes(source)


@pytest.mark.parametrize("seed", range(40))
def test_mutated_files_are_reviewed_and_findings_lie_inside(seed):
    chance = random.Random(seed)
    for _ in range(15):
        source = mutated(chance)
        review = review_source("src/lib.rs", source, CONFIG)
        lines = source.decode(errors="replace").split("\n")
        for finding in review.findings:
            start, end = (finding.start_line, finding.start_column), (finding.end_line, finding.end_column)
            assert (1, 1) <= start <= end <= (len(lines), len(lines[-1]) + 1), finding
            assert finding.start_column <= len(lines[finding.start_line - 1]) + 1, finding
            assert finding.end_column <= len(lines[finding.end_line - 1]) + 1, finding
        # Fixes can be applied wherever they are given.
        fixed(source, review.findings)


def test_what_reaches_over_the_windows_of_a_large_file_is_found_once(monkeypatch):
    codes = [*CODE, b"m! { " + b"unsafe { a(); }\n" * 40 + b"}\n"]
    whole = [examine(code) for code in codes]
    monkeypatch.setattr(engine, "_WINDOW", 40)
    assert [examine(code) for code in codes] == whole


@pytest.mark.parametrize(
    "source",
    [
        b"",
        b"\xef\xbb\xbffn f() { return; }\n",
        b"fn f() {\r\n    return;\r\n}\r\n",
        b"x" * 1_000_000,
        b'fn f() { let s = "' + b"a" * 1_000_000 + b'"; }',
        b"fn f() { " + b"(" * 100_000 + b")" * 100_000 + b" }",
        b"fn f() { " + b"{" * 5_000 + b"}" * 5_000 + b" }",
        b"/*" * 50_000,
        b'const S: &str = r###"' + b'"##' * 10_000 + b'"###;\n',
        b"// " + b"// " * 100_000,
        b"#[a]" * 20_000 + b"fn f() {}",
        b"a.b" * 20_000 + b";",
        b"fn f() { if a {} " + b"else if b {} " * 5_000 + b"}",
        b"use a::{" + b"b::{" * 2_000 + b"}" * 2_000 + b"};",
        b"fn f() { " + (b"a | " * 400 + b"a; ") * 60 + b"}",
        b"macro_rules! m { () => { " + b"unsafe { } " * 4_000 + b" } }",
    ],
    ids=lambda source: f"{source[:12]!r} of {len(source)}",
)
def test_hostile_files_end(source):
    review = review_source("src/lib.rs", source, CONFIG)
    assert review.path == "src/lib.rs"
