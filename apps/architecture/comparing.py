"""Comparing the architecture of two commits: starting it, doing it, and reading back what was found."""

from dataclasses import asdict
from typing import Any

from django.urls import reverse
from django.utils import timezone

from apps.architecture.models import Comparison
from apps.common.services import start_run
from apps.projects.analysis import child, store
from apps.projects.models import Project
from apps.projects.places import Place, place_of
from apps.projects.services import repository_of
from rust_ai_ide.architecture.drawing import DrawingFailed
from rust_ai_ide.architecture.drift import Drift, drift
from rust_ai_ide.architecture.drift_drawing import draw_drift
from rust_ai_ide.architecture.model import ArchitectureModel
from rust_ai_ide.architecture.sources import build_architecture
from rust_ai_ide.errors import RustAiIdeError
from rust_ai_ide.observability.events import Report
from rust_ai_ide.source.git import tree_of
from rust_ai_ide.source.git.churn import commit_before

KIND = "architecture-drift"


class NothingToCompare(RustAiIdeError):
    """The repository has no files yet."""


def usual_start(place: Place) -> str:
    """Return the commit of a month before the one that is checked out, "" where there is none."""
    if place.commit is None:
        return ""
    return (commit_before(place.repository, place.commit) or "")[:10]


def start_comparing(project: Project, before: str, after: str) -> Comparison:
    """Start comparing a commit with a later one, or with the files as they are now. Raises UnknownRevision."""
    place = place_of(project, now=True)
    before_tree = tree_of(place.repository, before)
    after_tree = tree_of(place.repository, after) if after else place.tree
    if after_tree is None:
        raise NothingToCompare("This repository has no files yet, so there is nothing to compare.")
    run = start_run(
        kind=KIND,
        subject=f"{KIND}:{project.pk}:{before_tree}:{after_tree}",
        title=f"Compare {before} with {after or 'now'} in {project.name}",
        page=reverse("architecture-drift", args=[project.pk]),
        arguments={"project": project.pk, "before": before_tree, "after": after_tree},
    )
    values = {"before": before, "after": after, "before_tree": before_tree, "after_tree": after_tree}
    found, _ = Comparison.objects.update_or_create(
        project=project, defaults={**values, "run": run, "found": None, "made_at": None}
    )
    return found


def compare(project: Project, before_tree: str, after_tree: str, report: Report) -> None:
    """Compare two trees, and keep what was found unless something else was asked for meanwhile."""
    repository = repository_of(project)
    before, after = (
        build_architecture(repository, tree, store(), report, child()) for tree in (before_tree, after_tree)
    )
    Comparison.objects.filter(project=project, before_tree=before_tree, after_tree=after_tree).update(
        found=_stored(drift(before, after), before, after), made_at=timezone.now()
    )


def _stored(found: Drift, before: ArchitectureModel, after: ArchitectureModel) -> dict[str, Any]:
    drawing: dict[str, Any] = {"svg": "", "problem": ""}
    if not found.is_empty:
        try:
            drawn = draw_drift(found, before.module_graph, after.module_graph)
            shown = drawn.shown
            drawing |= {"svg": drawn.svg, "nodes": len(shown.nodes), "edges": len(shown.edges)}
            drawing |= {"hidden_nodes": shown.hidden_nodes, "hidden_edges": shown.hidden_edges}
        except DrawingFailed as error:
            drawing["problem"] = str(error)
    return {**asdict(found), "is_empty": found.is_empty, **drawing}
