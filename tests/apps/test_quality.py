"""The quality of a project over its commits: worked out once for each content, drawn, and explained by files."""

import pytest
from django.urls import reverse

from apps.common.models import Run, RunState
from apps.projects.models import Project
from apps.reviews import quality
from rust_ai_ide.review.quality import sampled

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def project(repository):
    return Project.objects.create(
        name="small", origin=Project.Origin.PATH, location=str(repository.path), is_ready=True
    )


def page_of(owner, project) -> str:
    return " ".join(owner.get(reverse("quality", args=[project.pk])).content.decode().split())


def worked_out(owner, project, work) -> str:
    owner.post(reverse("work-out-quality", args=[project.pk]))
    work()
    run = Run.objects.latest("pk")
    assert (run.error, run.state) == ("", RunState.DONE)
    return page_of(owner, project)


def test_each_commit_has_its_quality_and_the_worst_files_are_named(owner, project, work):
    assert "Not worked out yet" in page_of(owner, project)
    page = worked_out(owner, project, work)
    first, second = quality.trend_of(project)
    assert first.quality.score == 1
    assert second.quality.score < 1
    assert second.quality.worst[0].path == "src/lib.rs"
    assert "src/lib.rs" in page
    assert f"{second.quality.score:.2f} at {second.commit.short_name}" in page
    assert page.count("data-x=") == 2


def test_a_new_commit_is_judged_alone(owner, project, work, repository):
    worked_out(owner, project, work)
    repository.commit("Mend", {"src/lib.rs": "//! A library.\n"})
    assert "1 commit is not judged yet" in page_of(owner, project)
    worked_out(owner, project, work)
    assert [point.quality.score for point in quality.trend_of(project)][-1] == 1


def test_all_commits_are_judged_by_the_newest_settings(owner, project, work, repository):
    worked_out(owner, project, work)
    repository.commit("Say less", {".rust-ai-ide.toml": "[review]\ninclude_style = false\n"})
    assert [point.quality for point in quality.trend_of(project)] == [None, None, None]
    worked_out(owner, project, work)
    assert quality.trend_of(project)[1].quality.score == 1


def test_a_project_without_commits_says_so(owner, work, tmp_path):
    from tests.source.repositories import TestRepository

    made = TestRepository(tmp_path / "empty")
    project = Project.objects.create(
        name="empty", origin=Project.Origin.PATH, location=str(made.path), is_ready=True
    )
    assert "There is no commit yet" in page_of(owner, project)
    worked_out(owner, project, work)


def test_long_histories_are_sampled_evenly_with_both_ends():
    assert sampled(3, 40) == [0, 1, 2]
    places = sampled(2000, 40)
    assert (len(places), places[0], places[-1]) == (40, 0, 1999)
    gaps = [second - first for first, second in zip(places, places[1:], strict=False)]
    assert max(gaps) - min(gaps) <= 1
