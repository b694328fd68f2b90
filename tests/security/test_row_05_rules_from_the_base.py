"""Row 5: a change cannot switch off the rules that judge it."""

import pytest
from django.urls import reverse

from apps.projects.models import Project
from apps.reviews.models import Review

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_configuration_comes_from_the_base(owner, repository, work):
    repository.git("checkout", "--quiet", "start")
    repository.commit(
        "Silence everything",
        {
            ".rust-ai-ide.toml": '[review]\ndisabled_rules = ["dbg_macro"]\n',
            "src/lib.rs": "pub fn quiet() {\n    dbg!(1);\n}\n",
        },
    )
    owner.post(reverse("open-project"), {"path": str(repository.path)})
    project = Project.objects.get()
    asked = {"kind": "range", "base": "HEAD~1", "head": "HEAD"}
    owner.post(reverse("start-review", args=[project.pk]), asked)
    work()
    assert Review.objects.get().findings.filter(rule="dbg_macro").exists()
    repository.commit("And now it holds", {"src/lib.rs": "pub fn quiet() {\n    dbg!(2);\n}\n"})
    owner.post(reverse("start-review", args=[project.pk]), asked)
    work()
    assert not Review.objects.latest("id").findings.filter(rule="dbg_macro").exists()
