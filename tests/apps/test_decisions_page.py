"""The page of decisions: weighed as they are written, recorded in the folder when asked."""

import pytest
from django.urls import reverse

from apps.architecture.deciding import EXAMPLE
from apps.projects.models import Project

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def project(owner, repository, work) -> Project:
    owner.post(reverse("open-project"), {"path": str(repository.path)})
    work()
    return Project.objects.get()


def address(project) -> str:
    return reverse("decisions", args=[project.pk])


def test_the_example_is_weighed_and_there_are_no_records_yet(owner, project):
    page = owner.get(address(project)).content.decode()
    assert "<strong>SQLite</strong>" in page
    assert "comes first." in page
    assert "None yet" in page
    assert "docs/decisions" in page


def test_what_is_written_is_weighed_by_the_method_that_is_chosen(owner, project):
    entered = {"text": EXAMPLE.replace("weight = 0.6", "weight = 0.1"), "method": "topsis"}
    answer = owner.post(address(project), entered, headers={"HX-Request": "true"})
    part = answer.content.decode()
    assert "<strong>PostgreSQL</strong>" in part
    assert "What would change it" not in part
    assert "data complexity: simple" in part
    assert "<h1>" not in part


def test_what_cannot_be_weighed_is_told_and_nothing_is_recorded(owner, project, repository):
    for text, said in (
        ("title =", "This is not TOML"),
        (EXAMPLE.replace("weight = 0.4", "weight = -1"), "below 0"),
    ):
        answer = owner.post(address(project), {"text": text, "action": "record"})
        assert answer.status_code == 400
        assert said in answer.content.decode()
    assert not (repository.path / "docs").exists()


def test_a_record_is_written_into_the_folder_and_listed(owner, project, repository):
    entered = {"text": EXAMPLE, "action": "record", "by": "Ada, Grace", "chosen": "PostgreSQL",
               "because": "We will have many writers.", "is_accepted": "1"}  # fmt: skip
    page = owner.post(address(project), entered).content.decode()
    assert "Recorded in <code>docs/decisions/0001-choose-a-database.md</code>" in page
    text = (repository.path / "docs" / "decisions" / "0001-choose-a-database.md").read_text()
    assert text.startswith("---\nstatus: accepted\n")
    assert "Chosen option: “PostgreSQL”, because We will have many writers." in text
    page = owner.get(address(project)).content.decode()
    assert reverse("file", args=[project.pk, "docs/decisions/0001-choose-a-database.md"]) in page
    refused = owner.post(address(project), {**entered, "chosen": "Oracle"})
    assert refused.status_code == 400
    assert len(list((repository.path / "docs" / "decisions").iterdir())) == 1
