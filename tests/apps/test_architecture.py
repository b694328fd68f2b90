"""The architecture page and its exports."""

import json
import time

import pytest
from django.urls import reverse

from apps.architecture import services
from apps.architecture.models import Architecture
from apps.projects import places
from apps.projects.models import Project
from tests.source.repositories import TestRepository

pytestmark = pytest.mark.django_db(transaction=True)

FILES = {
    "src/lib.rs": "pub mod one;\npub mod two;\npub mod three;\n",
    "src/one.rs": "use crate::two::Two;\npub struct One(pub Two);\n",
    "src/two.rs": "use crate::one::One;\npub struct Two(pub Box<One>);\n",
    "src/three.rs": "use std::fmt;\nuse crate::one::One;\npub fn three(_: One, _: fmt::Error) {}\n",
}


@pytest.fixture
def project(owner, repository, work) -> Project:
    repository.commit("Modules", FILES)
    owner.post(reverse("open-project"), {"path": str(repository.path)})
    work()
    opened = Project.objects.get()
    assert "Not worked out yet" in page(owner, opened)
    owner.post(reverse("architecture-again", args=[opened.pk]))
    work()
    return opened


def page(owner, project, query="") -> str:
    return owner.get(reverse("architecture", args=[project.pk]) + query).content.decode()


def test_modules_are_drawn_with_their_cycle_and_places(owner, project):
    shown = page(owner, project)
    assert 'data-node="small::one"' in shown
    assert 'data-source="small::three" data-target="small::one"' in shown
    assert "small::one, small::two" in shown
    assert "src/two.rs:1" in shown
    assert "in-cycle" in shown
    assert "Cheapest to cut: 1 edge at 1 place." in shown


def test_what_lies_outside_is_shown_on_request(owner, project):
    assert 'data-node="std"' not in page(owner, project)
    assert 'data-node="std"' in page(owner, project, "?level=modules&external=1")


def test_focus_shows_a_node_and_its_neighbours_only(owner, project):
    shown = page(owner, project, "?level=modules&focus=small::three")
    assert 'data-node="small::one"' in shown
    assert 'data-node="small::two"' not in shown


def test_focus_goes_as_far_and_in_the_direction_that_is_asked_for(owner, project):
    def shown(query):
        return page(owner, project, f"?level=modules&focus=small::three{query}")

    assert 'data-node="small::two"' in shown("&depth=2")
    assert 'data-node="small::two"' in shown("&depth=2&direction=uses")
    assert 'data-node="small::one"' not in shown("&depth=2&direction=used-by")
    assert 'data-node="small::two"' not in shown("&depth=99")
    assert 'name="focus" value="small::three"' in shown("")


def test_ways_from_one_node_to_another_have_their_places(owner, project):
    shown = page(owner, project, "?level=modules&from=small::three&to=small::two")
    assert "All ways share an edge with this one." in shown
    assert "2 steps" in shown
    assert "src/three.rs:2" in shown
    assert "src/one.rs:1" in shown
    assert "No chain leads the other way." in shown
    assert 'data-source="small::one" data-target="small::two"' in shown
    assert 'data-source="small::two"' not in shown


@pytest.mark.parametrize(
    ("ends", "sentence"),
    [
        ("from=small::two&to=small::three", "but one leads the other way"),
        ("from=small::one&to=small::one", "Both are the same"),
        ("from=small::one&to=nowhere", "is not among the modules that are shown"),
        ("from=small::one&to=small::two", "so both lie in a cycle"),
    ],
)
def test_where_there_is_no_way_a_sentence_says_so(owner, project, ends, sentence):
    assert sentence in page(owner, project, f"?level=modules&{ends}")


def test_the_matrix_has_a_row_for_each_node_and_its_cells_lead_to_places(owner, project):
    shown = page(owner, project, "?level=modules&view=matrix")
    assert shown.count('<th scope="row">') == 4
    assert 'title="small::one uses small::two: 1 time"' in shown
    assert "What is outlined uses each other: 1 group. The 1 red cell" in shown
    assert 'class="block top-side right-side"' in shown
    assert '<svg class="architecture-graph"' not in shown
    uses = page(owner, project, "?level=modules&view=matrix&user=small::one&used=small::two")
    assert 'aria-current="true">1</a>' in uses
    assert "1 time; <code>use</code>, <code>resolved</code>" in uses
    assert "There is no such use" in page(owner, project, "?level=modules&user=small::two&used=nothing")


def test_levels_draw_the_edges_that_point_up_alone(owner, project):
    shown = page(owner, project, "?level=modules&view=levels")
    assert 'class="architecture-graph levels"' in shown
    assert shown.count("data-target=") == 1
    assert 'data-node="small::three"' in shown
    crates = page(owner, project, "?level=crates&view=levels")
    assert "There are none." in crates


def test_heat_comes_with_the_structure_and_is_told_in_words_too(owner, project, repository, work):
    repository.commit("Once more", {"src/one.rs": FILES["src/one.rs"] + "pub fn one() { dbg!(1); }\n"})
    time.sleep(places.FRESH_SECONDS)
    owner.post(reverse("architecture-again", args=[project.pk]))
    work()
    shown = page(owner, project, "?level=modules&heat=changes")
    assert "Changes of its files by commits of 12 months" in shown
    assert "<title>small::one (Changes: 2)</title>" in shown
    assert 'class="node module in-cycle step-4"' in shown
    assert '<td class="number">2</td>' in shown
    measures = Architecture.objects.get().measures
    assert measures["changes"]["src/lib.rs"] == 3
    assert measures["lines"]["src/one.rs"] == 3
    assert measures["findings"]["src/one.rs"] >= 1
    assert measures["complexity"] == dict.fromkeys(FILES, 0)
    matrix = page(owner, project, "?level=modules&view=matrix&heat=findings")
    assert '<th scope="row" class="step-5">' in matrix
    assert 'title="small::one (Findings: ' in matrix
    assert 'class="node crate step-5"' in page(owner, project, "?level=crates&view=levels&heat=lines")
    assert "Complexity: none here." in page(owner, project, "?heat=complexity")


def test_heat_says_when_it_is_not_measured(owner, project):
    Architecture.objects.update(measures=None, measuring=None)
    assert "Findings were not measured" in page(owner, project, "?heat=findings")


def test_measures_of_an_older_tree_are_not_kept(owner, project):
    services.save_measures(project.pk, "0" * 40, {"lines": {}})
    assert Architecture.objects.get().measures["lines"]


def test_two_commits_are_compared(owner, project, repository, work):
    address = reverse("architecture-drift", args=[project.pk])
    assert "Choose two commits" in owner.get(address).content.decode()
    repository.commit("Untangle", {"src/two.rs": "pub struct Two;\n", "src/late.rs": ""})
    repository.commit("Declare", {"src/lib.rs": FILES["src/lib.rs"] + "mod late;\n"})
    compare = reverse("compare-architectures", args=[project.pk])
    owner.post(compare, {"before": "HEAD", "after": "HEAD~2"})
    work()
    shown = owner.get(address).content.decode()
    assert "0 modules and 1 use came, 1 module and 0 uses went. 0 cycles before, 1 now." in shown
    assert "New in cycles" in shown
    assert "3 nodes and 2 edges are shown. Green" in shown
    assert 'class="node module went" data-node="small::late"' in shown
    assert "small::two → small::one (1 use) (tangled)" in shown
    assert "src/two.rs?at=HEAD~2#L1" in shown
    time.sleep(places.FRESH_SECONDS)
    owner.post(compare, {"before": "HEAD", "after": ""})
    work()
    assert "The modules and their uses are the same." in owner.get(address).content.decode()


def test_an_unknown_commit_is_told(owner, project):
    answer = owner.post(reverse("compare-architectures", args=[project.pk]), {"before": "nowhere"})
    assert answer.status_code == 400
    assert "no branch, tag or commit named “nowhere”" in answer.content.decode()
    assert 'value="nowhere"' in answer.content.decode()


def test_what_lies_in_a_node_is_shown_alone(owner, project):
    shown = page(owner, project, "?level=modules&inside=small::one")
    assert 'data-node="small::one"' in shown
    assert 'data-node="small::two"' not in shown
    assert 'name="inside" value="small::one"' in shown
    assert "There is no cycle here." in shown
    assert "None here." in shown


def test_nonsense_in_the_address_is_no_error(owner, project):
    assert 'data-node="small::one"' in page(
        owner,
        project,
        "?level=nonsense&focus=nowhere&crate=none&depth=x&direction=up&view=film&heat=sun&inside=no",
    )


@pytest.mark.parametrize(
    ("form", "sign"),
    [("dot", "digraph"), ("mermaid", "flowchart"), ("svg", "<svg"), ("json", '"small::one"')],
)
def test_exports(owner, project, form, sign):
    answer = owner.get(reverse("export-graph", args=[project.pk, "modules", form]))
    assert answer.status_code == 200
    assert sign in answer.content.decode()
    assert f'filename="modules.{form}"' in answer.headers["Content-Disposition"]
    if form == "json":
        assert json.loads(answer.content)["edges"]


def test_unknown_exports_are_not_found(owner, project):
    for level, form in (("modules", "exe"), ("types", "json")):
        assert owner.get(reverse("export-graph", args=[project.pk, level, form])).status_code == 404


def test_a_changed_tree_is_noticed(owner, project, repository):
    assert "has changed since" not in page(owner, project)
    repository.write("src/one.rs", "pub struct One;\n")
    time.sleep(places.FRESH_SECONDS)
    assert "has changed since" in page(owner, project)


def test_a_folder_without_cargo_says_so(owner, tmp_path, work):
    plain = TestRepository(tmp_path / "plain")
    plain.commit("Begin", {"README.md": "# Nothing\n"})
    owner.post(reverse("open-project"), {"path": str(plain.path)})
    work()
    opened = Project.objects.get()
    owner.post(reverse("architecture-again", args=[opened.pk]))
    work()
    assert Architecture.objects.get().model["crates"] == []
    assert "no Cargo package" in page(owner, opened)
