"""Reading runs."""

from django.shortcuts import get_object_or_404

from apps.common.models import UNFINISHED, Run, RunEvent


def run_by_id(run_id: int) -> Run:
    """Return the run, or answer 404."""
    return get_object_or_404(Run, pk=run_id)


def find_run(run_id: int) -> Run | None:
    """Return the run, if there is one."""
    return Run.objects.filter(pk=run_id).first()


def recent_runs(limit: int = 100) -> list[Run]:
    """Return the newest runs, newest first."""
    return list(Run.objects.all()[:limit])


def unfinished_count() -> int:
    """Count the runs that are queued or running."""
    return Run.objects.filter(state__in=UNFINISHED).count()


def events_after(run_id: int, number: int) -> list[RunEvent]:
    """Return the events of a run after the one numbered `number`, oldest first."""
    return list(RunEvent.objects.filter(run_id=run_id, number__gt=number))
