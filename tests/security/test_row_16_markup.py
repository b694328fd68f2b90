"""Row 16: markup in names, code, commits and comments is shown, never run; characters that hide are visible."""

import pytest
from django.urls import reverse

from apps.projects.models import Project
from apps.reviews.models import Review
from tests.source.repositories import TestRepository

pytestmark = pytest.mark.django_db(transaction=True)

EVIL = '<script>alert(1)</script></textarea><img src=x onerror=alert(1)><b hx-get="/sign-out/">'
BIDI = "\u202e"


@pytest.fixture
def pages(owner, tmp_path, work) -> list[str]:
    name = "<img src=x onerror=alert(1)>.rs"
    code = f'// {EVIL} {BIDI}\npub fn evil() {{\n    dbg!("{EVIL}");\n}}\n'
    repository = TestRepository(tmp_path / "<script>project")
    repository.commit("Begin", {"README.md": "x"})
    repository.commit(f"{EVIL}{BIDI}", {f"src/{name}": code, "src/lib.rs": code})
    owner.post(reverse("open-project"), {"path": str(repository.path)})
    work()
    project = Project.objects.get()
    owner.post(reverse("start-review", args=[project.pk]), {"kind": "range", "head": "HEAD"})
    work()
    review = Review.objects.get()
    where = [project.pk, review.pk]
    owner.post(
        reverse("start-thread", args=[*where, 0]),
        {
            "side": "new",
            "line": "2",
            "body": f"{EVIL} [x](javascript:alert(1)) ![x](http://evil.com/x.png) {BIDI}",
        },
    )
    addresses = [
        reverse("projects"),
        reverse("project", args=[project.pk]),
        reverse("commits", args=[project.pk]),
        reverse("file", args=[project.pk, f"src/{name}"]),
        reverse("file", args=[project.pk, "src"]),
        reverse("search", args=[project.pk]) + "?q=<script>",
        reverse("search", args=[project.pk]) + "?q=img src",
        reverse("review", args=where),
        reverse("review", args=where) + "?view=split",
        reverse("review-findings", args=where),
        reverse("reviews", args=[project.pk]),
        reverse("new-review", args=[project.pk]),
        reverse("runs"),
        reverse("architecture", args=[project.pk]),
    ]
    answers = [owner.get(address) for address in addresses]
    assert {answer.status_code for answer in answers} == {200}
    return [answer.content.decode() for answer in answers]


def test_markup_is_escaped_on_every_page(pages):
    for page in pages:
        assert "<script>alert" not in page
        assert "<script>project" not in page
        assert "<img src=x" not in page
        assert '<b hx-get="/sign-out' not in page
        assert 'href="javascript:' not in page
        assert '<img src="http' not in page


def test_direction_characters_are_made_visible(pages):
    for page in pages:
        assert BIDI not in page
    assert any("U+202E" in page for page in pages)


def test_no_page_allows_inline_code(owner):
    policy = owner.get("/").headers["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert owner.get("/nowhere/").headers["Content-Security-Policy"] == policy
