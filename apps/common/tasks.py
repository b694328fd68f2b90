"""The one Celery task, and the watch that every worker keeps over runs."""

import threading
from typing import Any

from celery import shared_task
from celery.signals import worker_ready, worker_shutting_down

from apps.common import performing

_stop = threading.Event()


@shared_task(name="apps.common.tasks.perform")
def perform(run_id: int) -> None:
    """Do the work of one run."""
    performing.perform(run_id)


@worker_ready.connect
def _start_watch(**_: Any) -> None:
    threading.Thread(target=performing.keep_watch, args=[_stop], name="run-watch", daemon=True).start()


@worker_shutting_down.connect
def _stop_watch(**_: Any) -> None:
    _stop.set()
