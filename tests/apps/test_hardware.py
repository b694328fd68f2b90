"""What the runtimes' machines have, on its page, and tuning as a run."""

import time
from contextlib import closing

import pytest
from django.urls import reverse

from apps.common.models import Run, RunEvent, RunState
from apps.common.performing import _Reporter
from apps.common.services import cancel_run
from apps.models.models import ModelEvent, ModelVersion
from apps.models.registry import sync_registry
from apps.models.runtimes import runtimes
from rust_ai_ide.runtime.client import Refused

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def tiny(library, workbench_runtime):
    sync_registry()
    yield ModelVersion.objects.get(name="tiny")
    (library / "tuning.json").unlink(missing_ok=True)


def test_the_page_shows_the_machine_and_what_fits(owner, tiny):
    page = owner.get(reverse("hardware")).content.decode()
    assert "physical" in page
    assert "CodeLlama 34B" in page
    assert "Not measured here" in page
    assert reverse("hardware") in owner.get(reverse("models")).content.decode()
    names = [place["name"] for place in owner.get(reverse("palette"), {"q": "tuning"}).json()["places"]]
    assert "Hardware and tuning" in names


def test_tuning_is_a_run_whose_table_the_page_shows(owner, work, tiny):
    owner.post(reverse("tune-model", args=[tiny.pk]))
    assert "Waiting for a worker" in owner.get(reverse("hardware")).content.decode()
    work()
    run = Run.objects.get()
    assert (run.kind, run.state, run.error) == ("tune-model", RunState.DONE, "")
    assert RunEvent.objects.filter(message__startswith="Trying 1 thread").exists()
    page = owner.get(reverse("hardware")).content.decode()
    assert "kept" in page
    assert "Tune again" in page
    assert ModelEvent.objects.get().action == "tune"


def test_a_cancelled_run_stops_the_runtime_too(owner, work, tiny, monkeypatch):
    owner.post(reverse("tune-model", args=[tiny.pk]))
    look = _Reporter._stop_if_asked

    def cancelled_while_it_runs(reporter):
        cancel_run(reporter.run)
        look(reporter)

    monkeypatch.setattr(_Reporter, "_stop_if_asked", cancelled_while_it_runs)
    work()
    assert Run.objects.get().state == RunState.CANCELLED
    # The runtime ends the setting that it tries; long before all are tried it can tune again.
    (client,) = runtimes()
    deadline = time.monotonic() + 5
    while not _begins(client):
        assert time.monotonic() < deadline
        time.sleep(0.1)


def test_without_a_runtime_the_page_and_the_run_say_so(owner, work, library, settings):
    settings.RUNTIME_URLS = ["http://127.0.0.1:9"]
    runtimes.cache_clear()
    sync_registry()
    assert "not running" in owner.get(reverse("hardware")).content.decode()
    owner.post(reverse("tune-model", args=[ModelVersion.objects.first().pk]))
    work()
    assert "not running" in Run.objects.get().error
    assert "not running" in owner.get(reverse("hardware")).content.decode()
    runtimes.cache_clear()


def _begins(client):
    try:
        with closing(client.tune("tiny@1")) as events:
            return next(events)["done"] == 0
    except Refused as error:
        if error.code != "Overloaded":
            raise
        return False
