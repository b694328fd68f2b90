"""Reviews through the pages and the REST endpoints: findings, the diff, threads, viewed marks."""

import pytest
from django.urls import reverse

from apps.projects.models import Project
from apps.reviews.models import Review, Thread

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def project(owner, repository, work) -> Project:
    owner.post(reverse("open-project"), {"path": str(repository.path)})
    work()
    return Project.objects.get()


def start(owner, project, work, **asked) -> Review:
    answer = owner.post(reverse("start-review", args=[project.pk]), asked)
    assert answer.status_code == 302, answer.content.decode()
    work()
    return Review.objects.latest("id")


def page(owner, review, name="review", *further, query="") -> str:
    return owner.get(reverse(name, args=[review.project_id, review.pk, *further]) + query).content.decode()


def test_a_range_shows_the_change_with_findings_at_their_line(owner, project, work):
    review = start(owner, project, work, kind="range", base="start", head="main")
    assert {finding.rule for finding in review.findings.all()} >= {"dbg_macro"}
    shown = page(owner, review)
    assert "src/lib.rs" in shown
    assert 'class="src add"' in shown
    assert shown.index('data-n="11"') < shown.index("/rules/dbg_macro/") < shown.index('data-n="12"')


def test_only_changed_lines_are_judged(owner, project, work, repository):
    text = (repository.path / "src/lib.rs").read_text()
    repository.commit("Add a comment", {"src/lib.rs": text + "// The end.\n"})
    review = start(owner, project, work, kind="range", head="main")
    assert review.findings.count() == 0
    assert review.title == "Add a comment"


def test_a_workspace_review_lists_everything(owner, project, work):
    review = start(owner, project, work, kind="workspace")
    assert review.findings.filter(rule="dbg_macro").exists()
    assert 0 < review.score < 1
    assert "dbg_macro" in page(owner, review, "review-findings")


def test_files_staged_and_uncommitted_changes(owner, project, work, repository):
    review = start(owner, project, work, kind="files", paths="src/lib.rs")
    assert review.findings.exists()
    repository.write("src/new.rs", "pub fn later() { todo!() }\n")
    review = start(owner, project, work, kind="work_tree")
    assert [finding.path for finding in review.findings.all()] == ["src/new.rs"]
    assert owner.post(reverse("start-review", args=[project.pk]), {"kind": "staged"}).status_code == 400
    repository.git("add", "src/new.rs")
    review = start(owner, project, work, kind="staged")
    assert [finding.path for finding in review.findings.all()] == ["src/new.rs"]


def test_a_review_of_uncommitted_changes_shows_them_for_ever(owner, project, work, repository):
    repository.write("src/new.rs", "pub fn first_draft() {}\n")
    review = start(owner, project, work, kind="work_tree")
    repository.write("src/new.rs", "pub fn second_draft() {}\n")
    assert "first_draft" in page(owner, review)


def test_asking_twice_is_one_review(owner, project, work):
    first = start(owner, project, work, kind="range", base="start", head="main")
    second = start(owner, project, work, kind="range", base="start", head="main")
    assert first.pk == second.pk


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"kind": "range", "head": ""}, "Choose the branch"),
        ({"kind": "range", "head": "-h"}, "-h"),
        ({"kind": "range", "base": "main", "head": "start"}, "nothing that"),
        ({"kind": "files", "paths": "src/none.rs"}, "src/none.rs"),
        ({"kind": "nonsense"}, "Choose what to review"),
        ({"kind": "work_tree"}, "no uncommitted changes"),
    ],
)
def test_what_cannot_be_reviewed_says_why(owner, project, asked, said):
    answer = owner.post(reverse("start-review", args=[project.pk]), asked)
    assert answer.status_code == 400
    assert said in answer.content.decode()
    assert not Review.objects.exists()


def test_side_by_side_word_marks_and_white_space(owner, project, work, repository):
    text = (repository.path / "src/lib.rs").read_text()
    repository.commit(
        "Rename",
        {"src/lib.rs": text.replace("let sum =", "let  total =").replace("return sum", "return total")},
    )
    review = start(owner, project, work, kind="range", head="main")
    split = page(owner, review, query="?view=split")
    assert "split-left" in split
    assert "<b>total</b>" in split
    repository.commit(
        "Indent",
        {"src/lib.rs": (repository.path / "src/lib.rs").read_text().replace("    dbg", "        dbg")},
    )
    review = start(owner, project, work, kind="range", head="main")
    assert "Only white space differs" in page(owner, review, query="?space=ignore")


def test_context_expands_by_lines(owner, project, work, repository):
    lines = "".join(f"// line {number}\n" for number in range(1, 101))
    repository.commit("Long", {"src/long.rs": lines})
    repository.commit("Change", {"src/long.rs": lines.replace("line 50\n", "line fifty\n")})
    review = start(owner, project, work, kind="range", head="main")
    assert "line 40<" not in page(owner, review)
    rows = page(owner, review, "review-context", 0, query="?old=40&new=40&count=3")
    assert rows.count("<tr>") == 3
    assert "line 40<" in rows
    assert "line 42<" in rows


def test_a_large_file_is_loaded_on_request_and_in_parts(owner, project, work, repository):
    repository.commit("Large", {"src/large.rs": "// line\n" * 5000})
    review = start(owner, project, work, kind="range", head="main")
    assert "Show this diff" in page(owner, review)
    first = page(owner, review, "review-file", 0)
    assert 'data-more="3000"' in first
    rest = page(owner, review, "review-file", 0, query="?from=3000")
    assert rest.count("<tr>") == 2000


def test_threads_live_through_reply_edit_resolve_and_removal(owner, project, work):
    review = start(owner, project, work, kind="range", base="start", head="main")
    base = [review.project_id, review.pk]
    said = owner.post(
        reverse("start-thread", args=[*base, 0]), {"side": "new", "line": "11", "body": "Why **dbg**?"}
    ).content.decode()
    assert "<strong>dbg</strong>" in said
    thread = Thread.objects.get()
    owner.post(reverse("reply", args=[*base, thread.pk]), {"body": "An oversight."})
    shown = page(owner, review)
    assert shown.index('data-n="11"') < shown.index("Why <strong>") < shown.index('data-n="12"')
    assert "An oversight." in shown
    comment = thread.comments.first()
    owner.post(reverse("edit-comment", args=[*base, comment.pk]), {"body": "Why at all?"})
    assert "Why at all?" in page(owner, review)
    owner.post(reverse("resolve-thread", args=[*base, thread.pk]), {"resolved": "1"})
    assert "Resolved, 2 comments" in page(owner, review)
    for each in thread.comments.all():
        owner.post(reverse("remove-comment", args=[*base, each.pk]))
    assert not Thread.objects.exists()


def test_a_comment_that_cannot_be_taken_says_why(owner, project, work):
    review = start(owner, project, work, kind="range", base="start", head="main")
    where = reverse("start-thread", args=[review.project_id, review.pk, 0])
    for wrong in (
        {"side": "new", "line": "11", "body": " "},
        {"side": "up", "line": "11", "body": "x"},
        {"side": "new", "line": "x", "body": "x"},
    ):
        answer = owner.post(where, wrong, headers={"X-Fragment": "1"})
        assert answer.status_code == 400
        assert 'role="alert"' in answer.content.decode()
    assert not Thread.objects.exists()


def test_a_thread_on_a_line_out_of_view_is_still_shown(owner, project, work):
    review = start(owner, project, work, kind="range", base="start", head="main")
    owner.post(
        reverse("start-thread", args=[review.project_id, review.pk, 0]),
        {"side": "old", "line": "999", "body": "About a line that is gone."},
    )
    shown = page(owner, review)
    assert "About a line that is gone." in shown
    assert "this view does not show" in shown


def test_viewed_marks_hold_until_the_content_changes(owner, project, work, repository):
    review = start(owner, project, work, kind="range", base="start", head="main")
    owner.post(reverse("review-viewed", args=[review.project_id, review.pk, 0]), {"viewed": "1"})
    assert "data-views checked" in page(owner, review)
    repository.commit("More", {"src/lib.rs": (repository.path / "src/lib.rs").read_text() + "// more\n"})
    again = start(owner, project, work, kind="range", base="start", head="main")
    assert again.pk != review.pk
    assert "data-views checked" not in page(owner, again)


def test_renames_binaries_modes_and_submodules(owner, project, work, repository):
    repository.write("data.bin", b"\0\1")
    repository.git("mv", "src/lib.rs", "src/moved.rs")
    (repository.path / "Cargo.toml").chmod(0o755)
    repository.commit("All sorts")
    repository.git(
        "update-index", "--add", "--cacheinfo", f"160000,{repository.git('rev-parse', 'HEAD')},vendored"
    )
    repository.git("commit", "--quiet", "-m", "A submodule")
    review = start(owner, project, work, kind="range", base="HEAD~2", head="main")
    shown = page(owner, review)
    assert "src/lib.rs → src/moved.rs" in shown
    assert "binary file" in shown
    assert "A submodule" in shown


def test_rest_gives_the_same_findings_in_the_documented_shape(owner, project, work):
    answer = owner.post(
        reverse("api-reviews", args=[project.pk]),
        {"kind": "range", "base": "start", "head": "main"},
        content_type="application/json",
    )
    assert answer.status_code == 201
    work()
    shown = owner.get(reverse("api-review", args=[project.pk, answer.json()["id"]])).json()
    assert shown["state"] == "done"
    findings = owner.get(reverse("api-findings", args=[project.pk, answer.json()["id"]])).json()
    assert sum(shown["findings"].values()) == len(findings)
    assert list(findings[0]) == [
        "rule",
        "category",
        "severity",
        "confidence",
        "path",
        "start_line",
        "start_column",
        "end_line",
        "end_column",
        "message",
        "suggestion",
        "fingerprint",
        "fix",
    ]
    refused = owner.post(
        reverse("api-reviews", args=[project.pk]), {"kind": "x"}, content_type="application/json"
    )
    assert refused.status_code == 400


def test_a_binary_named_rs_is_noted_and_the_rest_is_reviewed(owner, project, work, repository):
    repository.write("src/binary.rs", b"\0\1\2")
    review = start(owner, project, work, kind="workspace")
    assert any("src/binary.rs" in note for note in review.notes)
    assert review.findings.exists()


def test_deleting_a_review_takes_its_threads(owner, project, work):
    review = start(owner, project, work, kind="range", base="start", head="main")
    owner.post(
        reverse("start-thread", args=[review.project_id, review.pk, 0]),
        {"side": "new", "line": "1", "body": "x"},
    )
    owner.post(reverse("delete-review", args=[review.project_id, review.pk]))
    assert not Thread.objects.exists()


def test_every_rule_has_its_page(owner):
    listed = owner.get(reverse("rules")).content.decode()
    assert "dbg_macro" in listed
    assert owner.get(reverse("rule", args=["dbg_macro"])).status_code == 200
    assert owner.get(reverse("rule", args=["no_such_rule"])).status_code == 404
