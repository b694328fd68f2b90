"""The run log: claiming, cancelling, recovery, and two askers for one piece of work."""

import pytest
from django.urls import reverse
from django.utils import timezone

from apps.common import performing, services
from apps.common.models import Run, RunState
from rust_ai_ide.errors import RustAiIdeError
from rust_ai_ide.observability.events import Progressed, Warned

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def kind(monkeypatch, work):
    """Register work for runs of kind "test" and return how to start one."""

    def start(does=lambda arguments, report: None, subject="test:1") -> Run:
        monkeypatch.setitem(performing._kinds, "test", does)
        return services.start_run(kind="test", subject=subject, title="A test", page="/", arguments={})

    return start


def test_events_are_numbered_and_kept(kind, work):
    def does(arguments, report):
        report(Progressed("Counting", 1, 2))
        report(Warned("One was left out."))
        report(Progressed("Counting", 2, 2))

    run = kind(does)
    work()
    events = list(run.events.all())
    assert [event.number for event in events] == list(range(1, len(events) + 1))
    assert [event.message for event in events][-4:] == ["Counting", "One was left out.", "Counting", "Done"]
    run.refresh_from_db()
    assert run.state == RunState.DONE


def test_one_subject_is_worked_on_once(kind):
    assert kind().pk == kind().pk
    assert Run.objects.count() == 1


def test_a_waiting_run_is_cancelled_at_once_and_never_done(kind, work):
    done = []
    run = kind(lambda arguments, report: done.append(1))
    services.cancel_run(run)
    work()
    run.refresh_from_db()
    assert run.state == RunState.CANCELLED
    assert not done


def test_a_running_run_stops_at_its_next_report(kind, work):
    def does(arguments, report):
        services.cancel_run(Run.objects.get())
        report(Progressed("Still here"))
        raise AssertionError("the work went on")

    run = kind(does)
    work()
    run.refresh_from_db()
    assert run.state == RunState.CANCELLED


def test_our_errors_are_told_and_others_kept_for_the_log(kind, work):
    def ours(arguments, report):
        raise RustAiIdeError("The disk is full.")

    def bug(arguments, report):
        raise KeyError("secret detail")

    first = kind(ours, "test:ours")
    work()
    second = kind(bug, "test:bug")
    work()
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, first.error) == (RunState.FAILED, "The disk is full.")
    assert second.state == RunState.FAILED
    assert "secret detail" not in second.error


def test_a_dead_workers_run_is_done_by_another(kind, work):
    run = kind()
    Run.objects.update(
        state=RunState.RUNNING, worker=f"{performing.HOST}:4194303", attempts=1, beat_at=timezone.now()
    )
    performing.recover()
    run.refresh_from_db()
    assert run.state == RunState.QUEUED
    performing.perform(run.pk)
    run.refresh_from_db()
    assert run.state == RunState.DONE


def test_a_living_workers_run_is_left_alone(kind):
    run = kind()
    elsewhere = {"state": RunState.RUNNING, "worker": "another-machine:1", "beat_at": timezone.now()}
    Run.objects.update(**elsewhere)
    performing.recover()
    run.refresh_from_db()
    assert run.state == RunState.RUNNING
    Run.objects.update(beat_at=timezone.now() - 2 * performing.SILENCE)
    performing.recover()
    run.refresh_from_db()
    assert run.state == RunState.QUEUED


def test_work_that_kills_its_worker_again_and_again_is_given_up(kind):
    run = kind()
    Run.objects.update(
        state=RunState.RUNNING, worker=f"{performing.HOST}:4194303", attempts=performing.MOST_ATTEMPTS
    )
    performing.recover()
    run.refresh_from_db()
    assert run.state == RunState.FAILED
    assert "3 times" in run.error


def test_pages_show_cancel_and_try_again(owner, kind, work):
    def does(arguments, report):
        raise RustAiIdeError("No luck.")

    run = kind(does)
    assert "Cancel" in owner.get(reverse("run", args=[run.pk])).content.decode()
    work()
    page = owner.get(reverse("run", args=[run.pk])).content.decode()
    assert "No luck." in page
    assert "Try again" in page
    owner.post(reverse("run-again", args=[run.pk]))
    assert Run.objects.count() == 2
    assert "A test" in owner.get(reverse("runs")).content.decode()
