"""Trying rules of one's own: on a snippet and on a project, with what is wrong said."""

import pytest
from django.urls import reverse

from apps.projects.models import Project
from apps.reviews import trying

pytestmark = pytest.mark.django_db(transaction=True)
OPEN = '[[review.custom_rules]]\nname = "opens"\npattern = "std::fs::File::open($PATH)"\nmessage = "Opens"\n'


def tried(owner, rules: str, **values: str) -> str:
    page = owner.post(
        reverse("try-rules"), {"rules": rules, "code": "", **values}, headers={"HX-Request": "true"}
    )
    assert page.status_code == 200
    return " ".join(page.content.decode().split())


def test_the_example_finds_and_mends_its_place(owner):
    page = owner.get(reverse("try-rules")).content.decode()
    assert "$LOCK.lock().unwrap()" in page
    told = tried(owner, trying.EXAMPLE, code=trying.EXAMPLE_CODE)
    assert "1 place in 1 file" in told
    assert "snippet.rs:2" in told
    assert "unwrap_or_else(PoisonError::into_inner)" in told


def test_a_project_is_looked_through(owner, repository):
    project = Project.objects.create(
        name="small", origin=Project.Origin.PATH, location=str(repository.path), is_ready=True
    )
    told = tried(owner, OPEN, project=str(project.pk))
    assert "1 place in 1 file" in told
    assert "src/lib.rs:12" in told


@pytest.mark.parametrize(
    ("rules", "said"),
    [
        ("", "There is no rule yet"),
        ("[review", "is not valid TOML"),
        (OPEN.replace("std::fs::File::open($PATH)", "fn ("), "is not code that parses"),
        (OPEN + '[[review.custom_rules]]\nname = "other"\n', "needs one of regex"),
    ],
)
def test_what_is_wrong_with_rules_is_said(owner, rules, said):
    assert said in tried(owner, rules, code="fn f() {}")
    assert owner.post(reverse("try-rules"), {"rules": rules, "code": ""}).status_code == 400


def test_what_is_entered_cannot_become_markup(owner):
    told = tried(owner, OPEN, code='fn f() { std::fs::File::open("<script>alert(1)</script>"); }')
    assert "<script>alert" not in told
    assert "1 place" in told
