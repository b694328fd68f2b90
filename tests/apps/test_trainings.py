"""Trainings in the browser: started, watched, cancelled, gone on with, judged, used and deleted."""

import json
import shutil
from pathlib import Path

import pytest
from django.urls import reverse

from apps.common import performing
from apps.common.models import Run, RunState
from apps.common.services import cancel_run
from apps.models.models import ModelVersion
from apps.training import selectors
from apps.training.jobs import job_by_name, trainings_folder
from rust_ai_ide.runtime.library import own_folder
from rust_ai_ide.training.corpus import read_corpus
from rust_ai_ide.training.tokeniser import train_tokeniser
from tests.training.finetuning import dataset, tiny_base
from tests.training.rust import crates

pytest.importorskip("torch", reason="training needs the extra train: make install-train")
pytestmark = pytest.mark.django_db(transaction=True)
QUICK = {
    "name": "mine",
    "base": "learner@1",
    "dataset": "alike",
    "amount": "6",
    "unit": "steps",
    "rate": "0.01",
    "batch": "2",
    "length": "64",
    "check_every": "2",
}


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    """A tiny model of random weights, with a tokeniser of twelve small crates."""
    folder = tmp_path_factory.mktemp("base")
    texts = [source.text for source in read_corpus(crates(folder / "crates")).training]
    train_tokeniser(texts, folder / "tokenizer.model", 512)
    return tiny_base(folder / "learner@1", folder / "tokenizer.model", name="learner")


@pytest.fixture(autouse=True)
def library(base):
    """A tiny model and a dataset in the data directory, which are gone afterwards."""
    shutil.copytree(base, own_folder() / "learner@1")
    dataset(selectors.datasets_folder() / "alike")
    yield
    clear()


def clear():
    for folder in own_folder().glob("learner@*"):
        shutil.rmtree(folder)
    for folder in (selectors.datasets_folder(), trainings_folder()):
        shutil.rmtree(folder, ignore_errors=True)


def train(owner, **changes):
    return owner.post(reverse("new-training"), QUICK | changes)


def page_of(owner, name="mine"):
    return owner.get(reverse("training-job", args=[name])).content.decode()


def test_without_a_dataset_the_page_says_what_to_do(owner):
    shutil.rmtree(selectors.datasets_folder())
    page = owner.get(reverse("trainings")).content.decode()
    assert "Nothing was trained yet" in page
    assert "Prepare a dataset" in page
    assert "There is no dataset to learn from" in owner.get(reverse("new-training")).content.decode()


def test_a_training_becomes_a_version_that_the_editor_uses(owner, work):
    answer = train(owner, amount="30", register="anyway")
    assert answer.url == reverse("training-job", args=["mine"])
    work()
    run = Run.objects.get()
    assert (run.error, run.state) == ("", RunState.DONE)
    page = page_of(owner)
    assert "Before and after" in page
    assert "Bits per byte" in page
    assert "learner@2" in page
    assert "The loss fell from" in page
    owner.post(reverse("use-training", args=["mine"]))
    assert ModelVersion.objects.get(is_active=True).identifier == "learner@2"
    assert "The editor completes with it" in page_of(owner)
    listed = owner.get(reverse("trainings")).content.decode()
    assert "30 of 30" in listed
    assert "learner@2" in listed


def test_the_form_foretells_what_a_training_needs(owner):
    told = owner.post(reverse("check-training"), QUICK).content.decode()
    assert "of memory" in told
    assert "6 steps" in told
    assert "2 windows of 64 tokens" in " ".join(told.split())


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"rate": "10"}, "rate is 10: Choose a learning rate"),
        ({"rate": "0"}, "rate is 0: Choose a learning rate"),
        ({"length": "100000"}, "length is 100000"),
        ({"batch": "many"}, "batch is many: enter a whole number"),
        ({"amount": "", "unit": "minutes"}, "for how many minutes"),
        ({"dataset": "none"}, "Choose a dataset"),
        ({"base": "none"}, "There is no model"),
        ({"name": "../x"}, "Name it by letters"),
        ({"task": "painting"}, "There is no preset"),
        ({"method": "magic"}, "Choose one of the methods"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_is_started(owner, changes, told):
    answer = train(owner, **changes)
    assert answer.status_code == 400
    assert told in answer.content.decode().replace("&#x27;", "'")
    assert not Run.objects.exists()
    assert not trainings_folder().exists() or not any(trainings_folder().iterdir())


def test_a_cancelled_training_goes_on_to_the_same_curve(owner, work, monkeypatch):
    train(owner, name="whole", register="never")
    work()
    train(owner, register="never")
    log = performing.log

    def cancel_in_the_middle(run, kind, message, done=0, total=0):
        log(run, kind, message, done, total)
        if done == 3:
            cancel_run(run)

    monkeypatch.setattr(performing._Reporter, "PAUSE", 0.0)
    monkeypatch.setattr(performing, "log", cancel_in_the_middle)
    work()
    monkeypatch.setattr(performing, "log", log)
    assert job_by_name("mine").run.state == RunState.CANCELLED
    page = page_of(owner)
    assert "Go on" in page
    assert 3 <= job_by_name("mine").step < 6
    owner.post(reverse("run-again", args=[job_by_name("mine").run.pk]))
    work()
    assert job_by_name("mine").run.state == RunState.DONE
    curves = [[point.loss for point in job_by_name(name).curve] for name in ("whole", "mine")]
    assert curves[0] == curves[1]


def test_too_little_memory_pauses_it_with_a_reason(owner, work, settings):
    settings.TRAINING_FREE_MEMORY_MB = 10**6
    train(owner)
    work()
    run = Run.objects.get()
    assert run.state == RunState.PAUSED
    page = page_of(owner)
    assert "MB of memory are free" in page
    assert "Go on" in page
    settings.TRAINING_FREE_MEMORY_MB = 0
    owner.post(reverse("run-again", args=[run.pk]))
    work()
    assert job_by_name("mine").run.state == RunState.DONE


def test_a_version_that_was_not_registered_is_added_on_the_users_word(owner, work):
    train(owner, register="never")
    work()
    job = job_by_name("mine")
    assert job.result is not None
    assert not job.result.registered
    assert "Add it to the models all the same" in page_of(owner)
    owner.post(reverse("register-training", args=["mine"]))
    work()
    assert job_by_name("mine").version.identifier == "learner@2"
    assert job_by_name("mine").step == 6


def test_a_running_training_is_not_deleted_and_a_finished_one_is(owner, work):
    train(owner, register="never")
    answer = owner.post(reverse("delete-training", args=["mine"]))
    assert answer.status_code == 400
    assert "cancel it first" in answer.content.decode()
    work()
    owner.post(reverse("delete-training", args=["mine"]))
    assert not (trainings_folder() / "mine").exists()
    assert owner.get(reverse("training-job", args=["mine"])).status_code == 404


def test_a_name_is_used_once(owner):
    train(owner)
    answer = train(owner)
    assert answer.status_code == 400
    assert "There is a training mine already" in answer.content.decode()


def test_settings_that_cannot_be_read_are_said(owner, work):
    train(owner, register="never")
    settings_file = trainings_folder() / "mine" / "job.json"
    settings_file.write_text("{")
    work()
    assert "settings of this training cannot be read" in page_of(owner)
    assert Run.objects.get().state == RunState.FAILED


def test_the_log_of_a_killed_training_is_read_as_far_as_it_goes(owner, work):
    train(owner, register="never")
    work()
    log = Path(trainings_folder() / "mine" / "run" / "log.jsonl")
    rows = log.read_text().splitlines()
    log.write_text("\n".join([*rows, json.dumps(json.loads(rows[0]) | {"loss": 9.0}), rows[-1][:20]]))
    curve = job_by_name("mine").curve
    assert [point.step for point in curve] == list(range(1, 7))
    assert curve[0].loss == 9.0
    assert owner.get(reverse("training-curve", args=["mine"])).status_code == 200
