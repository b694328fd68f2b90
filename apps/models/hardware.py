"""The machines of the runtimes: what they have, what fits into them, and how fast each model is there."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from apps.common.models import Run
from apps.models.models import ModelVersion
from apps.models.runtimes import runtimes
from rust_ai_ide.runtime.client import RuntimeClient
from rust_ai_ide.runtime.errors import RuntimeFailure

SUBJECT = "tuning:"


@dataclass(frozen=True)
class MachineState:
    """What a runtime says of its machine; `problem` where it does not answer."""

    url: str
    report: dict[str, Any]
    problem: str = ""


@dataclass(frozen=True)
class Measured:
    """What was measured of a version on one machine, "" as its `url` where there is only one."""

    url: str
    tuning: dict[str, Any]


@dataclass(frozen=True)
class TuningRow:
    """A version, what was measured of it on each machine, and the latest run that measures."""

    version: ModelVersion
    measured: list[Measured]
    run: Run | None


def machines() -> list[MachineState]:
    """Ask all runtimes at the same time."""
    clients = runtimes()
    if not clients:
        return []
    with ThreadPoolExecutor(len(clients)) as pool:
        return list(pool.map(_state, clients))


def tuning_rows(found: list[MachineState]) -> list[TuningRow]:
    """Return a row for every version, the active one first."""
    runs = {run.subject: run for run in Run.objects.filter(subject__startswith=SUBJECT).order_by("pk")}
    rows = []
    for version in ModelVersion.objects.order_by("-is_active", "name", "version"):
        model = version.identifier
        measured = [
            Measured(machine.url if len(found) > 1 else "", machine.report["tuning"][model])
            for machine in found
            if machine.report.get("tuning", {}).get(model)
        ]
        rows.append(TuningRow(version, measured, runs.get(f"{SUBJECT}{model}")))
    return rows


def _state(client: RuntimeClient) -> MachineState:
    try:
        return MachineState(client.url, client.hardware())
    except RuntimeFailure as error:
        return MachineState(client.url, {}, str(error))
