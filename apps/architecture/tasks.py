"""The long work on structure."""

from typing import Any

from apps.architecture import services
from apps.common.performing import performs
from apps.projects.analysis import child, store
from apps.projects.models import Project
from apps.projects.services import repository_of
from rust_ai_ide.architecture.sources import build_architecture
from rust_ai_ide.observability.events import Report


@performs("architecture")
def work_out(arguments: dict[str, Any], report: Report) -> None:
    """Work out crates, modules, edges and cycles of one tree."""
    project = Project.objects.get(pk=arguments["project"])
    model = build_architecture(repository_of(project), arguments["tree"], store(), report, child())
    services.save(project.pk, arguments["tree"], arguments["label"], model)
