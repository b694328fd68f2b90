"""The page of patterns."""

import pytest
from django.urls import reverse

from apps.architecture.models import Architecture
from apps.projects.models import Project
from rust_ai_ide.architecture.patterns.detecting import DETECTORS

pytestmark = pytest.mark.django_db(transaction=True)

FILES = {
    "src/lib.rs": (
        "pub struct User { id: u8 }\npub struct UserRepository { users: HashMap<u8, User>, log: u8, lines: u8 }\n"
        "impl UserRepository {\n    pub fn find(&self, id: u8) -> Option<&User> { self.users.get(&id) }\n"
        "    pub fn save(&mut self, user: User) { self.users.insert(user.id, user); }\n"
        "    pub fn note(&mut self) { self.log += 1; self.lines += 1 }\n}\nmod one;\nmod two;\n"
    ),
    "src/one.rs": "pub struct One(pub crate::two::Two);\n",
    "src/two.rs": "pub struct Two(pub Box<crate::one::One>);\n",
}


@pytest.fixture
def opened(owner, repository, work) -> Project:
    repository.commit("Code", FILES)
    owner.post(reverse("open-project"), {"path": str(repository.path)})
    work()
    return Project.objects.get()


def page(owner, project) -> str:
    return owner.get(reverse("patterns", args=[project.pk])).content.decode()


def test_patterns_are_shown_with_evidence_that_leads_to_lines(owner, opened, work):
    owner.post(reverse("architecture-again", args=[opened.pk]))
    work()
    shown = page(owner, opened)
    assert 'Repository: <span class="mono">small::UserRepository</span>' in shown
    assert 'src/lib.rs#L2">src/lib.rs:2</a>' in shown
    assert 'Circular dependencies: <span class="mono">small::one</span>' in shown
    assert "note" in shown
    assert (
        reverse("patterns", args=[opened.pk])
        in owner.get(reverse("architecture", args=[opened.pk])).content.decode()
    )


def test_before_the_structure_is_worked_out_the_page_offers_to(owner, opened):
    shown = page(owner, opened)
    assert "Not looked for yet" in shown
    assert reverse("architecture-again", args=[opened.pk]) in shown


def test_a_structure_of_before_there_were_patterns_is_no_error(owner, opened, work):
    owner.post(reverse("architecture-again", args=[opened.pk]))
    work()
    found = Architecture.objects.get()
    del found.model["findings"]
    found.save()
    assert "Not looked for yet" in page(owner, opened)


def test_the_page_says_what_each_detector_looks_for(owner, opened):
    shown = page(owner, opened)
    for detector in DETECTORS:
        assert f"<dt>{detector.title}</dt>" in shown
