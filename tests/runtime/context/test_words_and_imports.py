"""Words are found in their usual forms, and imports lead to the definitions that they mean."""

import time

from hypothesis import given
from hypothesis import strategies as st

from rust_ai_ide.runtime.context import Cursor, context_for, index_files
from rust_ai_ide.runtime.context.imports import fit, imports, module_of
from rust_ai_ide.runtime.context.words import question_words, subwords


def test_identifiers_are_split_and_stemmed():
    assert subwords("HTTPServers_2") == ("http", "server", "2")
    assert subwords("parsing") == subwords("parsed") == subwords("parses") == subwords("parse")
    assert subwords("spawned") == subwords("spawns") == subwords("spawn")
    assert subwords("running") == subwords("runs")
    assert subwords("string") == ("string",)
    assert subwords("queries") == subwords("query")


def test_a_question_has_words_worth_looking_for():
    assert question_words("Where is the `Mutex` locked?") == ["Mutex", "locked"]


def test_use_trees_are_read_as_far_as_they_are_typed():
    text = "use a::b::{self, c as d, e::{f, g::*}};\npub use crate::x;\nuse std::io::{Read\n\nfn f() {}"
    assert imports(text) == [
        (("a", "b"), "b"),
        (("a", "b", "c"), "d"),
        (("a", "b", "e", "f"), "f"),
        (("a", "b", "e", "g", "*"), "*"),
        (("crate", "x"), "x"),
        (("std", "io", "Read"), "Read"),
    ]


@given(st.text(alphabet="use :{},a\n;*", max_size=80))
def test_no_text_breaks_the_reading_of_imports(text: str):
    assert all(path and binds for path, binds in imports(f"use {text}"))


def test_many_unfinished_imports_take_no_time():
    begun = time.process_time()
    imports("use a" * 40_000)
    assert time.process_time() - begun < 20  # minutes without the bound


def test_paths_fit_modules_by_degrees():
    assert module_of("sync/src/lock/mod.rs") == ("sync", "lock")
    assert fit(("crate", "lock", "Mutex"), ("sync", "lock")) == 1.0
    assert fit(("crate", "lock", "raw", "Mutex"), ("sync", "lock")) == 0.5
    assert fit(("std", "lock", "Mutex"), ("sync", "lock")) == 0.0


def test_an_import_decides_between_two_of_one_name():
    files = {
        "src/a.rs": b"pub struct Lock {}\n",
        "src/b.rs": b"pub struct Lock {}\n",
    }
    text = "use crate::b::Lock;\n\nfn main() {\n    \n}\n"
    context = context_for(index_files(files), Cursor("src/main.rs", text, len(text) - 3), 1_000, len)
    scores = {piece.path: piece.score for piece in context.sent}
    assert scores["src/b.rs"] > scores.get("src/a.rs", 0)
