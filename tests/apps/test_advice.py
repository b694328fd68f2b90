"""The page of advice: asked in a form, worked out by the worker, kept until something else is asked."""

import pytest
from django.urls import reverse

from apps.architecture.models import Advice
from apps.projects.models import Project

pytestmark = pytest.mark.django_db(transaction=True)

MANIFEST = '[package]\nname = "small"\nversion = "0.1.0"\nedition = "2021"\n[dependencies]\ndotenv = "1"\n'
HARD = "pub fn deep(a: bool) { " + "if a { " * 7 + "f(); " + "} " * 7 + "}\n"


@pytest.fixture
def project(owner, repository, work) -> Project:
    repository.commit("More", {"Cargo.toml": MANIFEST, "src/lib.rs": f"mod api;\nmod db;\n{HARD}", "src/db.rs": "",
                               "src/api.rs": "use crate::db;\n"})  # fmt: skip
    owner.post(reverse("open-project"), {"path": str(repository.path)})
    work()
    return Project.objects.get()


def shown(owner, project) -> str:
    return owner.get(reverse("advice", args=[project.pk])).content.decode()


def ask(owner, project, work, **form):
    answer = owner.post(reverse("advice", args=[project.pk]), form)
    work()
    return answer


def test_nothing_asked_says_what_to_do(owner, project):
    assert "Nothing was asked yet" in shown(owner, project)


def test_advice_has_its_evidence_and_what_was_asked_stays_in_the_form(owner, project, work):
    answer = ask(
        owner, project, work, layers="api, db", goals=["improve_code_quality"], team_size="4", months="2"
    )
    assert answer.status_code == 302
    page = shown(owner, project)
    assert "Replace dotenv, which is not maintained" in page
    assert "Take the function apart that is hardest to follow" in page
    assert f'href="{reverse("file", args=[project.pk, "src/lib.rs"])}#L3"' in page
    assert "Write the layers down" in page
    assert 'value="api, db"' in page
    assert 'value="improve_code_quality" checked' in page
    assert "The code has changed" not in page


def test_what_is_not_understood_is_told_and_what_was_found_stays(owner, project, work):
    ask(owner, project, work)
    refused = owner.post(reverse("advice", args=[project.pk]), {"goals": ["fame"], "technologies": "axum"})
    assert refused.status_code == 400
    text = refused.content.decode()
    assert "No advice serves the goal “fame”" in text
    assert 'value="axum"' in text
    assert "Replace dotenv" in text


def test_advice_follows_the_files_as_they_are_when_it_is_asked_for(owner, project, work, repository):
    ask(owner, project, work)
    (repository.path / "Cargo.toml").write_text(MANIFEST.partition("[dependencies]")[0])
    ask(owner, project, work)
    assert "Replace dotenv" not in shown(owner, project)
    assert Advice.objects.count() == 1


def test_what_was_asked_later_is_what_is_kept(owner, project, work):
    owner.post(reverse("advice", args=[project.pk]), {"technologies": "kafka"})
    ask(owner, project, work, technologies="redis")
    found = Advice.objects.get()
    titles = " ".join(one["title"] for one in found.found)
    assert "redis" in titles
    assert "kafka" not in titles
