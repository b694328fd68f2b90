"""Lines are completed by what followed the same text earlier, quickly."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rust_ai_ide.runtime.completion.copying import propose_by_copying
from rust_ai_ide.runtime.completion.identifiers import in_scope_identifiers, propose_identifiers
from rust_ai_ide.runtime.completion.project_text import ProjectText, read_project
from rust_ai_ide.source.git import open_repository, tree_of
from tests.source.repositories import TestRepository


def test_what_followed_the_same_text_is_proposed():
    before = "let a = read(one).await?;\nlet b = re"
    assert propose_by_copying(before, "")[0].text == "ad(one).await?;"


def test_the_longer_match_comes_first():
    before = "x.lock().unwrap();\ny.wait();\nself.x.lock().expect();\nz.lock().unwrap();\nself.x.lock()"
    assert [one.text for one in propose_by_copying(before, "")][:2] == [".expect();", ".unwrap();"]


def test_this_file_comes_before_others_for_equal_matches():
    before = "\nlet total = one;\nlet total = "
    project = ProjectText([("b.rs", b"\nlet total = two;\n")])
    found = propose_by_copying(before, "", project)
    assert [(one.text, one.source) for one in found] == [("one;", "this file"), ("two;", "other file")]
    alone = propose_by_copying("\nlet total = ", "", project)
    assert [(one.text, one.source) for one in alone] == [("two;", "other file")]


def test_what_stands_below_the_cursor_is_copied_too():
    assert propose_by_copying("fn a() {\n    self.count.", "\n}\nfn b() {\n    self.count.fetch_add(1);\n}")[
        0
    ].text == ("fetch_add(1);")


def test_a_match_that_begins_inside_a_word_is_none_of_the_word():
    assert propose_by_copying("reopen(file)\nopen", "") == []
    assert propose_by_copying("let x = open(file)\nlet y = open", "")[0].match_length == len(" = open")


def test_the_text_before_the_cursor_is_no_match_of_itself():
    assert propose_by_copying("only once here", "") == []
    assert propose_by_copying("", "") == []


def test_lines_may_end_as_on_windows():
    assert propose_by_copying("let a = read(one);\r\nlet b = re", "")[0].text == "ad(one);"


@given(st.text(alphabet="ab (\n\ré", max_size=60), st.text(alphabet="ab (\n", max_size=30))
def test_a_proposal_stands_on_one_line_and_once_in_the_list(before: str, after: str):
    found = propose_by_copying(before, after, ProjectText([("a", after.encode()), ("b", before.encode())]))
    assert all(one.text and "\n" not in one.text for one in found)
    assert len({one.text for one in found}) == len(found)
    for one in found:
        matched = before.encode()[len(before.encode()) - one.match_length :]
        assert matched + one.text.encode() in f"{before}\0{after}\0{before}".encode()


def test_what_follows_the_line_and_how_often_it_was_found_is_told():
    line = "    total += item.price();\n    count += 1;\n"
    other = "    total += item.tax();\n    done();\n"
    before = f"fn a() {{\n{line}}}\nfn b() {{\n{line}}}\nfn c() {{\n{other}}}\nfn d() {{\n    total += item."
    found = {one.text: one for one in propose_by_copying(before, "\n    count += 1;\n}\n")}
    often, once = found["price();"], found["tax();"]
    assert (often.places, once.places) == (2, 1)
    assert often.share == pytest.approx(2 / 3)
    assert often.follow_length > len("count += 1;") > once.follow_length


def test_a_project_is_searched_as_far_as_it_may_be_large():
    texts = [("a.rs", b"let early = one;\n"), ("b.rs", b"let late = two;\n")]
    small = ProjectText(texts, longest=30)
    assert [one.text for one in propose_by_copying("let early = ", "", small)][0] == "one;"
    assert all(one.text != "two;" for one in propose_by_copying("let late = ", "", small))
    assert [one.text for one in propose_by_copying("let late = ", "", ProjectText(texts))][0] == "two;"


def test_an_identifier_is_completed_by_the_latest_use():
    before = "let handle_old = 1; let handle_new = 2; use_it(handle_new); han"
    found = propose_identifiers(before, "", ["handshake", "other"])
    assert [one.text for one in found] == ["dle_new", "dle_old", "dshake"]
    assert found[0].match_length == 3


def test_words_in_comments_and_strings_are_no_identifiers():
    assert in_scope_identifiers('let real = "fake"; // false_one\n/* f */ rea', "next()") == [
        "real",
        "let",
        "next",
    ]
    assert propose_identifiers('"handle" // handle\nhan') == []


def test_nothing_is_proposed_inside_an_identifier_or_where_none_is_typed():
    assert propose_identifiers("handle; han", "dle()") == []
    assert propose_identifiers("handle; ", "") == []


def test_the_open_file_is_not_searched_in_its_project():
    texts = [(f"{name}.rs", f"let total = {name}();\n".encode()) for name in ("one", "two", "three")]
    project = ProjectText(texts)
    found = propose_by_copying("let total = ", "", project.without("two.rs"))
    assert [one.text for one in found] == ["one();", "three();"]
    assert len(propose_by_copying("let total = ", "", project)) == 3


def test_the_rust_files_of_a_tree_are_one_text(tmp_path):
    made = TestRepository(tmp_path / "made")
    made.commit("Begin", {"src/a.rs": "fn a() {}\n", "src/b.rs": "let x = 1;\n", "notes.md": "let x = 2;\n"})
    repository = open_repository(made.path)
    text = read_project(repository, tree_of(repository, "HEAD"))
    assert [one.text for one in propose_by_copying("let x = ", "", text)] == ["1;"]


def test_a_copy_names_its_file_and_line():
    project = ProjectText([("a.rs", b"fn a() {}\n"), ("b.rs", b"fn b() {\n    let total = sum(items);\n}\n")])
    found = project.locate("fn c() {\n    let total = ", "sum(items);")
    assert found is not None
    assert (found.path, found.line) == ("b.rs", 2)
    assert found.match_length >= len("    let total = ")
    assert project.locate("let total = ", "other();") is None
    assert project.without("b.rs").locate("let total = ", "sum(items);") is None
