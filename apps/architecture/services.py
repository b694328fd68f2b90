"""Working the structure out, when it was asked for and the code has changed since."""

from dataclasses import asdict
from typing import Any

from django.urls import reverse
from django.utils import timezone

from apps.architecture.measuring import Measures
from apps.architecture.models import Architecture
from apps.common.services import start_run
from apps.projects.models import Project
from apps.projects.places import Place
from rust_ai_ide.architecture.model import CRATES, MODULES, ArchitectureModel
from rust_ai_ide.architecture.patterns.detecting import Findings
from rust_ai_ide.architecture.patterns.telling import document

MOST_UNRESOLVED = 300


def work_out(place: Place) -> Architecture:
    """Start working out the structure of the tree that a page shows."""
    project = place.project
    run = start_run(
        kind="architecture",
        subject=f"architecture:{project.pk}",
        title=f"Work out the structure of {project.name}",
        page=reverse("architecture", args=[project.pk]),
        arguments={
            "project": project.pk,
            "tree": place.tree,
            "label": place.label,
            "commit": place.commit,
        },
    )
    found, _ = Architecture.objects.update_or_create(project=project, defaults={"run": run})
    return found


def save(project_id: int, tree: str, label: str, model: ArchitectureModel, findings: Findings) -> None:
    """Keep what was worked out; measures of another tree no longer go with it."""
    Architecture.objects.filter(project_id=project_id).update(
        tree=tree,
        label=label,
        model=_stored(model, findings),
        made_at=timezone.now(),
        measures=None,
        measuring=None,
    )


def measure(project: Project, tree: str, commit: str | None) -> None:
    """Start measuring the files of a tree whose structure is worked out."""
    run = start_run(
        kind="architecture-measures",
        subject=f"architecture-measures:{project.pk}:{tree}",
        title=f"Measure the modules of {project.name}",
        page=reverse("architecture", args=[project.pk]),
        arguments={"project": project.pk, "tree": tree, "commit": commit},
    )
    Architecture.objects.filter(project=project, tree=tree).update(measuring=run)


def save_measures(project_id: int, tree: str, measures: Measures) -> None:
    """Keep what was measured, unless the structure of another tree was worked out meanwhile."""
    Architecture.objects.filter(project_id=project_id, tree=tree).update(measures=measures)


def _stored(model: ArchitectureModel, findings: Findings) -> dict[str, Any]:
    return {
        "crates": [asdict(crate) for crate in model.crates],
        "graphs": {level: asdict(model.graph(level)) for level in (CRATES, MODULES)},
        "unresolved": [asdict(each) for each in model.unresolved[:MOST_UNRESOLVED]],
        "unresolved_count": len(model.unresolved),
        "notes": list(model.notes),
        "findings": document(findings),
    }
