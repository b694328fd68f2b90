"""Row 9, at the pages: an address never leads out of the project."""

import pytest
from django.urls import reverse

from apps.projects.models import Project

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize(
    "path",
    [
        "../secret.txt",
        "src/../../secret.txt",
        "..%2fsecret.txt",
        "%252e%252e/secret.txt",
        "..\\secret.txt",
        "/etc/passwd",
        "file:///etc/passwd",
        "src/lib.rs\0.txt",
        "out/secret.txt",
        ".git/config",
    ],
)
def test_nothing_outside_is_shown(owner, repository, work, path):
    (repository.path.parent / "secret.txt").write_text("the secret")
    (repository.path / "out").symlink_to(repository.path.parent)
    owner.post(reverse("open-project"), {"path": str(repository.path)})
    work()
    project = Project.objects.get()
    for address in (f"/projects/{project.pk}/file/{path}", reverse("file", args=[project.pk, path])):
        answer = owner.get(address)
        assert answer.status_code == 404
        assert "the secret" not in answer.content.decode()
        assert "[core]" not in answer.content.decode()


def test_a_link_out_of_the_project_is_shown_and_not_followed(owner, repository, work):
    (repository.path.parent / "secret.txt").write_text("the secret")
    (repository.path / "link.rs").symlink_to("../secret.txt")
    owner.post(reverse("open-project"), {"path": str(repository.path)})
    work()
    page = owner.get(reverse("file", args=[Project.objects.get().pk, "link.rs"])).content.decode()
    assert "symbolic link" in page
    assert "the secret" not in page
