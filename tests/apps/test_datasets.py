"""Datasets in the browser: prepared as runs, listed, shown and deleted."""

import pytest
from django.urls import reverse

from apps.common.models import Run, RunState
from apps.common.services import cancel_run
from apps.projects.models import Project
from apps.training.selectors import datasets_folder, folder_of
from rust_ai_ide.training.datasets.reading import read_dataset
from rust_ai_ide.training.datasets.writing import delete_dataset
from tests.training.rust import crate, crates, rust

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _no_datasets_stay():
    yield
    for folder in datasets_folder().glob("*"):
        delete_dataset(folder)


@pytest.fixture
def code(tmp_path):
    """Three crates, one of them with tests in a file that hides a script in its text."""
    crates(tmp_path / "code", 3)
    text = f'{rust(70)}\npub const SCRIPT: &str = "<script>alert(1)</script>";\n'
    crate(tmp_path / "code", "odd", {"src/lib.rs": text})
    return tmp_path / "code"


def prepare(owner, work, code, **changes):
    answer = owner.post(reverse("datasets"), {"name": "mine", "folder": str(code)} | changes)
    work()
    return answer


def test_without_datasets_the_page_says_what_to_do(owner):
    page = owner.get(reverse("datasets")).content.decode()
    assert "There is no dataset yet" in page
    assert "Prepare a dataset" in page


def test_a_folder_becomes_a_dataset_that_is_shown(owner, work, code):
    answer = prepare(owner, work, code, commentRemoval="1", qualityThreshold="0.2")
    run = Run.objects.get()
    assert (run.error, run.state) == ("", RunState.DONE)
    assert answer.url == reverse("dataset", args=["mine"])
    page = owner.get(answer.url).content.decode()
    assert "Because" in page or "Nothing was." in page
    assert "commentRemoval" in page
    assert "tokens of starter@" in page
    assert '<span class="k">' in page
    assert "<script>alert" not in page
    assert "mine" in owner.get(reverse("datasets")).content.decode()
    assert read_dataset(folder_of("mine")).training


def test_a_project_is_prepared_as_your_own_code(owner, work, repository):
    repository.commit("More", {f"src/file_{number}.rs": rust(number) for number in range(5)})
    project = Project.objects.create(
        name="small", origin=Project.Origin.PATH, location=str(repository.path), is_ready=True
    )
    answer = prepare(owner, work, "", project=str(project.pk), ownCode="1")
    assert Run.objects.get().error == ""
    page = owner.get(answer.url).content.decode()
    assert "taken as your own" in page
    assert "own code" in page


def test_a_failed_run_explains_itself_on_the_page_of_the_dataset(owner, work, tmp_path):
    place = crate(tmp_path, "strict", {"src/lib.rs": rust(1)}, licence="GPL-3.0")
    answer = prepare(owner, work, place)
    page = owner.get(answer.url).content.decode()
    assert "licence (1)" in page
    assert "say that it is your own code" in page
    assert not folder_of("mine").exists()


@pytest.mark.parametrize(
    "change",
    [
        {"name": ""},
        {"name": "../x"},
        {"name": ".hidden"},
        {"folder": "relative"},
        {"folder": "/nonexistent"},
        {"folder": ""},
        {"folder": "", "project": "999"},
        {"qualityThreshold": "much"},
        {"qualityThreshold": "nan"},
        {"minFileSize": "0"},
        {"maxSamples": "1"},
    ],
)
def test_what_cannot_be_prepared_is_told_before_a_run_starts(owner, work, code, change):
    answer = prepare(owner, work, code, **change)
    assert answer.status_code == 400
    assert 'role="alert"' in answer.content.decode()
    assert not Run.objects.exists()


def test_a_shared_server_opens_no_folders(owner, work, code, settings):
    settings.OPEN_BY_PATH = False
    assert prepare(owner, work, code).status_code == 400


def test_a_name_is_taken_once(owner, work, code):
    prepare(owner, work, code)
    answer = prepare(owner, work, code)
    assert answer.status_code == 400
    assert "already" in answer.content.decode()


def test_a_run_that_is_cancelled_leaves_nothing(owner, work, code):
    owner.post(reverse("datasets"), {"name": "mine", "folder": str(code)})
    page = owner.get(reverse("dataset", args=["mine"])).content.decode()
    assert "Cancel" in page
    refused = owner.post(reverse("delete-dataset", args=["mine"]))
    assert "cancel that first" in refused.content.decode()
    cancel_run(Run.objects.get())
    work()
    assert not folder_of("mine").exists()


def test_a_dataset_is_deleted_and_the_code_stays(owner, work, code):
    prepare(owner, work, code)
    owner.post(reverse("delete-dataset", args=["mine"]))
    assert not folder_of("mine").exists()
    assert (code / "made-0-1.0.0/src/file_0.rs").exists()
    assert owner.post(reverse("delete-dataset", args=["mine"])).status_code == 400


def test_a_folder_with_other_files_is_not_deleted(owner, work, code):
    prepare(owner, work, code)
    other = folder_of("mine") / "notes.txt"
    other.write_text("keep")
    assert owner.post(reverse("delete-dataset", args=["mine"])).status_code == 400
    assert other.exists()
    other.unlink()


def test_a_damaged_dataset_is_told_and_can_be_deleted(owner, work, code):
    prepare(owner, work, code)
    (folder_of("mine") / "dataset.json").write_text("{")
    assert "unreadable" in owner.get(reverse("datasets")).content.decode()
    assert "not the card" in owner.get(reverse("dataset", args=["mine"])).content.decode()
    assert owner.post(reverse("delete-dataset", args=["mine"])).status_code == 302


@pytest.mark.parametrize("name", ["missing", "..", ".hidden", "a b"])
def test_a_dataset_that_is_not_there_is_not_found(owner, name):
    assert owner.get(f"/training/datasets/{name}/").status_code in (301, 302, 404)


def test_datasets_are_for_those_signed_in(client):
    assert client.get(reverse("datasets")).status_code == 302
