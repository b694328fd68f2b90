"""The page of rules: what they find shows before they are saved, and saving loses nothing."""

import pytest
from django.urls import reverse

from apps.projects.models import Project

pytestmark = pytest.mark.django_db(transaction=True)

FILES = {
    "src/lib.rs": "pub mod ui;\npub mod domain;\n",
    "src/ui.rs": "use crate::domain::Order;\n",
    "src/domain.rs": "use crate::ui;\npub struct Order;\n",
}
LAYERS = '[architecture]\nlayers = ["small::ui", "small::domain"]\n'


@pytest.fixture
def project(owner, repository, work) -> Project:
    repository.commit("Modules", FILES)
    owner.post(reverse("open-project"), {"path": str(repository.path)})
    work()
    return Project.objects.get()


@pytest.fixture
def worked_out(owner, project, work) -> Project:
    owner.post(reverse("architecture-again", args=[project.pk]))
    work()
    return project


def address(project) -> str:
    return reverse("architecture-rules", args=[project.pk])


def looked(owner, project, text, **headers) -> str:
    answer = owner.post(
        address(project), {"text": text, "expected": ""}, headers={"HX-Request": "true", **headers}
    )
    assert answer.status_code == 200
    return answer.content.decode()


def test_without_an_architecture_it_says_what_to_do(owner, project):
    page = owner.get(address(project)).content.decode()
    assert "is not worked out yet" in page
    assert "[architecture]" in page


def test_what_rules_find_shows_before_they_are_saved(owner, worked_out, repository):
    found = looked(owner, worked_out, LAYERS)
    assert "1 use stands against these rules" in found
    assert "small::domain" in found
    assert "src/domain.rs:1" in found
    assert "<h1>" not in found
    assert not (repository.path / ".rust-ai-ide.toml").exists()
    assert "All of the code keeps" in looked(owner, worked_out, '[architecture]\nlayers = ["small::ui"]\n')
    assert "2 uses stand" in looked(owner, worked_out, '[architecture]\ncycles = "forbid"\n')
    assert "There are no rules" in looked(owner, worked_out, "")


def test_paths_that_name_nothing_are_told(owner, worked_out):
    text = '[architecture]\nlayers = ["small::ui", "small::store"]\n'
    assert "No module is called <code>small::store</code>" in looked(owner, worked_out, text)


def test_what_is_not_understood_is_told_and_not_saved(owner, worked_out, repository):
    for text in ("[architecture", "[architecture]\nlayer = []\n"):
        answer = owner.post(address(worked_out), {"text": text, "expected": "", "action": "save"})
        assert answer.status_code == 400
        assert 'class="notice error"' in answer.content.decode()
        assert text in answer.content.decode()
    assert not (repository.path / ".rust-ai-ide.toml").exists()


def test_saving_writes_the_file_and_never_over_somebody_elses_change(owner, worked_out, repository):
    file = repository.path / ".rust-ai-ide.toml"
    saved = owner.post(address(worked_out), {"text": LAYERS, "expected": "", "action": "save"})
    assert "Saved in .rust-ai-ide.toml" in saved.content.decode()
    assert file.read_text() == LAYERS
    digest = saved.context["expected"]
    again = owner.post(
        address(worked_out), {"text": LAYERS + "# more\n", "expected": digest, "action": "save"}
    )
    assert "Saved" in again.content.decode()
    file.write_text("# theirs\n")
    for expected in (digest, ""):
        late = owner.post(address(worked_out), {"text": LAYERS, "expected": expected, "action": "save"})
        assert late.status_code in (400, 409)
        assert "Saved" not in late.content.decode()
    assert file.read_text() == "# theirs\n"
    assert "# theirs" in owner.get(address(worked_out)).content.decode()
