"""What a worker does with a run: claim it, do it, and bring back what a dead worker left."""

import logging
import os
import socket
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db import connection
from django.db.models import F
from django.utils import timezone

from apps.common.models import Run, RunEvent, RunState
from apps.common.services import log, send
from rust_ai_ide.errors import RustAiIdeError
from rust_ai_ide.observability.events import Cancelled, Event, Paused, Progressed, Report

logger = logging.getLogger(__name__)

Work = Callable[[dict[str, Any], Report], None]
HOST = socket.gethostname()
WORKER = f"{HOST}:{os.getpid()}"
BEAT_SECONDS = 5
SILENCE = timedelta(seconds=30)
"""After so long without a beat, a worker on another machine counts as dead."""
MOST_ATTEMPTS = 3
_kinds: dict[str, Work] = {}


def performs(kind: str) -> Callable[[Work], Work]:
    """Declare the function that does the work of every run of `kind`."""

    def register(work: Work) -> Work:
        _kinds[kind] = work
        return work

    return register


def perform(run_id: int) -> None:
    """Claim the run and do its work. Another worker's run, or a finished one, is left alone."""
    claimed = Run.objects.filter(pk=run_id, state=RunState.QUEUED).update(
        state=RunState.RUNNING,
        worker=WORKER,
        started_at=timezone.now(),
        beat_at=timezone.now(),
        attempts=F("attempts") + 1,
    )
    if claimed != 1:
        return
    run = Run.objects.get(pk=run_id)
    log(run, RunEvent.Kind.STATE, "Started")
    try:
        _kinds[run.kind](run.arguments, _Reporter(run).report)
    except Paused as reason:
        _finish(run, RunState.PAUSED, str(reason))
    except Cancelled:
        _finish(run, RunState.CANCELLED, "Cancelled")
    except RustAiIdeError as error:
        _finish(run, RunState.FAILED, str(error))
    except Exception:
        # The worker must outlive any run; the traceback goes to the log, the sentence to the user.
        logger.exception("run %s (%s) failed", run.pk, run.kind)
        _finish(run, RunState.FAILED, "Something in the workbench broke. The server's log has the details.")
    else:
        _finish(run, RunState.DONE, "Done")


def _finish(run: Run, state: RunState, message: str) -> None:
    error = message if state in (RunState.FAILED, RunState.PAUSED) else ""
    owned = Run.objects.filter(pk=run.pk, state=RunState.RUNNING, worker=WORKER)
    if owned.update(state=state, error=error, finished_at=timezone.now()) == 1:
        log(run, RunEvent.Kind.STATE, message)


class _Reporter:
    """Stores the engine's events, a few a second, and stops the work once the user asked for that."""

    PAUSE = 0.25

    def __init__(self, run: Run) -> None:
        self.run = run
        self.last = 0.0
        self.activity = ""

    def report(self, event: Event) -> None:
        now = time.monotonic()
        if isinstance(event, Progressed):
            is_last = event.total > 0 and event.done >= event.total
            if now - self.last < self.PAUSE and event.activity == self.activity and not is_last:
                return
            self.activity = event.activity
            self._stop_if_asked()
            log(self.run, RunEvent.Kind.PROGRESS, event.activity, event.done, event.total)
        else:
            log(self.run, RunEvent.Kind.WARNING, event.message)
        self.last = now

    def _stop_if_asked(self) -> None:
        row = Run.objects.filter(pk=self.run.pk).values("cancel_requested", "worker", "state").first()
        if (
            row is None
            or row["cancel_requested"]
            or row["worker"] != WORKER
            or row["state"] != RunState.RUNNING
        ):
            raise Cancelled("Cancelled")


def beat() -> None:
    """Say that this worker's runs are alive."""
    Run.objects.filter(state=RunState.RUNNING, worker=WORKER).update(beat_at=timezone.now())


def recover() -> None:
    """Queue again the runs whose worker is dead, and remind the workers of runs that wait for long."""
    for run in Run.objects.filter(state=RunState.RUNNING).exclude(worker=WORKER):
        if _is_alive(run):
            continue
        if run.cancel_requested:
            state, message = RunState.CANCELLED, "Cancelled"
        elif run.attempts >= MOST_ATTEMPTS:
            state = RunState.FAILED
            message = f"The worker stopped {run.attempts} times while it did this. See the server's log."
        else:
            state, message = RunState.QUEUED, "The worker stopped; waiting to start again"
        freed = Run.objects.filter(pk=run.pk, state=RunState.RUNNING, worker=run.worker).update(
            state=state,
            error=message if state == RunState.FAILED else "",
            finished_at=None if state == RunState.QUEUED else timezone.now(),
            worker="",
        )
        if freed:
            log(run, RunEvent.Kind.STATE, message)
    for run_id in Run.objects.filter(state=RunState.QUEUED).values_list("pk", flat=True)[:100]:
        send(run_id)


def _is_alive(run: Run) -> bool:
    host, _, process = run.worker.rpartition(":")
    if host == HOST:
        return _process_exists(int(process))
    return run.beat_at is not None and timezone.now() - run.beat_at < SILENCE


def _process_exists(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def keep_watch(stop: threading.Event) -> None:
    """Recover at once, then beat and recover until `stop` is set. A worker runs this in a thread of its own."""
    rounds = 0
    while True:
        try:
            beat()
            if rounds % 4 == 0:
                recover()
        except Exception:
            # A database that is away for a moment must not end the watch.
            logger.exception("the watch over runs missed a round")
        finally:
            connection.close()
        rounds += 1
        if stop.wait(BEAT_SECONDS):
            return
