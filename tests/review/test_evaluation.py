"""`rust-ai-ide evaluate review`: labels are read as Clippy's tests write them, and compared line by line."""

import json

import pytest

from rust_ai_ide.cli.main import main
from rust_ai_ide.review.evaluation.labels import read_fixture
from rust_ai_ide.review.evaluation.measuring import FixturesUnusable, measure_review, together

LABELS = """//@revisions: edition2021 disabled
#![warn(clippy::dbg_macro, clippy::pedantic)]
//~v todo
fn first() { todo!() }
fn second() { dbg!(1); }
//~^ dbg_macro
//~| clippy::panic
fn third() {}
//~^^^ ERROR: this is said in words
fn fourth() { 1 } //~ unused
//~[edition2021]^ exit
//~[disabled]^^ panic
"""
STDERR = """error: this is said in words
  --> tests/ui/x.rs:7:1
   |
   = note: `-D clippy::needless-return` implied by `-D warnings`
"""
FIXTURE = """fn first() -> u8 {
    return 1;
    //~^ needless_return
}
fn second() -> u8 {
    return 2;
}
fn third(n: u8) -> u8 {
    n
    //~^ needless_return
}
fn main() {
    todo!();
}
"""


@pytest.fixture
def checkout(tmp_path):
    (tmp_path / "tests" / "ui").mkdir(parents=True)
    (tmp_path / "tests" / "ui-toml" / "exits").mkdir(parents=True)
    (tmp_path / "tests" / "ui" / "needless_return.rs").write_text(FIXTURE)
    text = "#![warn(clippy::exit)]\nfn stop() {\n    std::process::exit(1); //~ exit\n}\n"
    (tmp_path / "tests" / "ui-toml" / "exits" / "exit.rs").write_text(text)
    return tmp_path


def test_labels_point_up_down_and_to_the_same_line(tmp_path):
    (tmp_path / "x.rs").write_text(LABELS)
    (tmp_path / "x.edition2021.stderr").write_text(STDERR)
    fixture = read_fixture(tmp_path / "x.rs")
    expected = {
        (4, "todo"),
        (5, "dbg_macro"),
        (5, "panic"),
        (6, "needless_return"),
        (10, "unused"),
        (10, "exit"),
    }
    assert set(fixture.labels) == expected
    assert {"dbg_macro", "pedantic"} <= fixture.active


def test_right_wrong_and_missed_are_counted_by_line(checkout):
    figures = {each.lint: each for each in measure_review(checkout)}
    returned = figures["needless_return"]
    assert (returned.labelled, returned.right, returned.wrong) == (2, 1, 1)
    assert (returned.recall, returned.precision) == (0.5, 0.5)
    assert [(place.path, place.line) for place in returned.missed_at] == [("needless_return.rs", 9)]
    assert [(place.path, place.line) for place in returned.wrong_at] == [("needless_return.rs", 6)]
    # What no file switches on is not judged, and settings of their own come second.
    assert (figures["todo"].labelled, figures["todo"].wrong) == (0, 0)
    assert (figures["exit"].labelled, figures["exit"].right) == (1, 1)
    assert together(figures.values()).labelled == 3


def test_the_command_prints_a_table_and_the_places_of_one_lint(checkout, capsys):
    assert main(["evaluate", "review", "--fixtures", str(checkout), "--lint", "needless_return"]) == 0
    told = capsys.readouterr().out
    assert "needless_return" in told
    assert "missed needless_return.rs:9" in told
    assert "wrong needless_return.rs:6" in told
    assert main(["evaluate", "review", "--fixtures", str(checkout), "--json"]) == 0
    rows = {row["lint"]: row for row in json.loads(capsys.readouterr().out)}
    assert rows["needless_return"]["recall"] == 0.5


def test_a_folder_without_fixtures_is_refused(tmp_path):
    with pytest.raises(FixturesUnusable, match="checkout"):
        measure_review(tmp_path)
