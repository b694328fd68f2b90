"""What the list of models shows of each version."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from apps.common.models import UNFINISHED, Run
from apps.models.chat_sources import health_of
from apps.models.completion_sources import line_health
from apps.models.endpoints import is_allowed
from apps.models.models import Endpoint, ModelVersion
from apps.models.runtimes import RuntimeState


@dataclass(frozen=True)
class VersionRow:
    """A version and where it is loaded; `failure` is why it could not be."""

    version: ModelVersion
    loaded: list[dict[str, Any]]
    run: Run | None
    failure: str

    @property
    def memory(self) -> int:
        """Return the bytes computed for it when it was loaded, over all runtimes."""
        return sum(row["need"]["total"] for row in self.loaded)


def version_rows(states: Sequence[RuntimeState]) -> list[VersionRow]:
    """Return a row for every version, the active one first."""
    runs = {
        run.subject: run for run in Run.objects.filter(subject__startswith="model:", state__in=UNFINISHED)
    }
    rows = []
    for version in ModelVersion.objects.order_by("-is_active", "name", "version"):
        key = version.identifier
        loaded = [state.models[key] for state in states if key in state.models]
        failures = [state.status.get("failures", {}).get(key, "") for state in states]
        rows.append(
            VersionRow(
                version,
                loaded,
                runs.get(f"model:{key}"),
                "" if loaded else next(filter(None, [*failures, _last_failure(key)]), ""),
            )
        )
    return rows


def _last_failure(model: str) -> str:
    run = Run.objects.filter(subject=f"model:{model}").first()
    return run.error if run is not None else ""


@dataclass(frozen=True)
class EndpointRow:
    """An endpoint, and how it chats and completes."""

    endpoint: Endpoint
    is_allowed: bool
    health: str
    problem: str
    line_health: str
    line_problem: str


def endpoint_rows() -> list[EndpointRow]:
    """Return a row for every endpoint."""
    return [
        EndpointRow(each, is_allowed(each), *health_of(each), *line_health(each))
        for each in Endpoint.objects.all()
    ]
