"""Starting and stopping runs, and writing their log."""

from typing import Any

from asgiref.sync import async_to_sync
from celery import current_app
from channels.layers import get_channel_layer
from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone

from apps.common.models import UNFINISHED, Run, RunEvent, RunState

PERFORM_TASK = "apps.common.tasks.perform"


def start_run(*, kind: str, subject: str, title: str, page: str, arguments: dict[str, Any]) -> Run:
    """Queue a run and return it; where one with the same subject is unfinished, return that one instead."""
    try:
        with transaction.atomic():
            run = Run.objects.create(
                kind=kind, subject=subject, title=title[:300], page=page, arguments=arguments
            )
            log(run, RunEvent.Kind.STATE, "Waiting for a worker")
    except IntegrityError:
        return Run.objects.get(subject=subject, state__in=UNFINISHED)
    transaction.on_commit(lambda: send(run.pk))
    return run


def send(run_id: int) -> None:
    """Tell the workers that a run waits. Telling twice is harmless: a worker claims a run before working on it."""
    current_app.send_task(PERFORM_TASK, args=[run_id])


def cancel_run(run: Run) -> None:
    """Stop a run: at once if it waits, at its next step if a worker has it. A finished run stays as it is."""
    stopped = Run.objects.filter(pk=run.pk, state=RunState.QUEUED).update(
        state=RunState.CANCELLED, cancel_requested=True, finished_at=timezone.now()
    )
    if stopped:
        log(run, RunEvent.Kind.STATE, "Cancelled")
    else:
        Run.objects.filter(pk=run.pk, state=RunState.RUNNING).update(cancel_requested=True)


def run_again(run: Run) -> Run:
    """Start the same work once more."""
    return start_run(
        kind=run.kind, subject=run.subject, title=run.title, page=run.page, arguments=run.arguments
    )


def log(run: Run, kind: str, message: str, done: int = 0, total: int = 0) -> None:
    """Append a line to the run's log and wake the pages that watch it."""
    with transaction.atomic():
        newest = RunEvent.objects.filter(run=run).aggregate(Max("number"))["number__max"] or 0
        RunEvent.objects.create(
            run=run, number=newest + 1, kind=kind, message=message, done=done, total=total
        )
    if settings.REDIS_URL:
        transaction.on_commit(lambda: _wake(run.pk))


def _wake(run_id: int) -> None:
    layer = get_channel_layer()
    assert layer is not None
    async_to_sync(layer.group_send)(f"run.{run_id}", {"type": "run.logged"})
