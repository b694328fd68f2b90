"""Findings on a change: on the lines that the diff shows, with suggestions of whole lines, and the rest apart."""

import json
from dataclasses import replace

import pytest

from rust_ai_ide.review.anchors import anchored, gitlab_position
from rust_ai_ide.review.findings import Category, Edit, Finding, Severity
from rust_ai_ide.review.formats import Format, render
from rust_ai_ide.source.changes import hunks_of_all
from rust_ai_ide.source.git import open_repository, tree_of
from tests.source.repositories import TestRepository

OLD = "".join(f"line {number}\n" for number in range(1, 31))
NEW = OLD.replace("line 10\n", "let a: _ = 1;\nlet b: _ = 2;\n")
FINDING = Finding(
    rule="let_with_type_underscore",
    category=Category.STYLE,
    severity=Severity.WARNING,
    confidence=0.97,
    path="new.rs",
    start_line=10,
    start_column=8,
    end_line=10,
    end_column=9,
    message="The type `_` is what a missing type means anyway",
    suggestion="Remove `: _`.",
    fingerprint="0123456789abcdef0123",
    fix=(Edit(10, 6, 10, 9, ""),),
)


@pytest.fixture
def diff(tmp_path):
    made = TestRepository(tmp_path / "changed")
    made.commit("Begin", {"old.rs": OLD})
    made.git("mv", "old.rs", "new.rs")
    made.commit("Change", {"new.rs": NEW})
    repository = open_repository(made.path)
    trees = [tree_of(repository, name) for name in ("HEAD~1", "HEAD")]
    return {file.new_path: (file, hunks) for file, hunks in hunks_of_all(repository, *trees)}


def at(first: int, last: int, **changes) -> Finding:
    return replace(FINDING, start_line=first, end_line=last, fix=(), **changes)


def test_a_finding_on_a_shown_line_is_a_comment_with_its_fix_as_a_suggestion(diff):
    body = json.loads(render(Format.GITHUB_PR, [FINDING], 1, 31, diff=diff))
    (comment,) = body["comments"]
    assert (comment["path"], comment["line"], comment["side"]) == ("new.rs", 10, "RIGHT")
    assert "start_line" not in comment
    assert "```suggestion\nlet a = 1;\n```" in comment["body"]
    assert body["event"] == "COMMENT"


def test_lines_of_one_hunk_make_a_range_and_what_the_diff_hides_goes_to_the_summary(diff):
    body = json.loads(
        render(
            Format.GITHUB_PR, [at(10, 11), at(9, 30), at(25, 25), at(1, 1, path="else.rs")], 2, 31, diff=diff
        )
    )
    assert [(one.get("start_line"), one["line"]) for one in body["comments"]] == [(10, 11), (9, 14)]
    assert "Outside of what this change shows" in body["body"]
    assert body["body"].count("let_with_type_underscore") == 2


def test_a_fix_that_reaches_beyond_the_hunk_is_no_suggestion(diff):
    wide = replace(FINDING, end_line=30, fix=(Edit(10, 1, 30, 1, ""),))
    (one,) = anchored([wide], diff)[0]
    assert one.replacement is None


def test_gitlab_wants_both_numbers_of_an_unchanged_line_and_one_of_an_added(diff):
    added, unchanged = (anchored([at(line, line)], diff)[0][0].anchor for line in (10, 13))
    first = gitlab_position(added, "b", "s", "h")
    assert (first["old_path"], first["new_path"], first["new_line"]) == ("old.rs", "new.rs", 10)
    assert "old_line" not in first
    second = gitlab_position(unchanged, "b", "s", "h")
    assert (second["old_line"], second["new_line"]) == (12, 13)


def test_a_suggestion_with_backticks_has_a_longer_fence(diff):
    ticks = replace(FINDING, fix=(Edit(10, 1, 10, 99, "````"),))
    body = json.loads(
        render(Format.GITHUB_PR, [replace(ticks, fix=(Edit(10, 1, 10, 14, "````"),))], 1, 31, diff=diff)
    )
    assert "`````suggestion\n````\n`````" in body["comments"][0]["body"]
