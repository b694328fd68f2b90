"""Reading what was worked out about a project's structure."""

from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from apps.architecture.models import Advice, Architecture, Comparison
from apps.projects.models import Project
from rust_ai_ide.architecture.graph import Edge, Graph, Node, Place
from rust_ai_ide.architecture.model import MODULES


def architecture_of(project: Project) -> Architecture | None:
    """Return the project's architecture, if it was ever asked for."""
    return Architecture.objects.select_related("run", "measuring").filter(project=project).first()


def advice_on(project: Project) -> Advice | None:
    """Return the newest advice, if it was ever asked for."""
    return Advice.objects.select_related("run").filter(project=project).first()


def comparison_of(project: Project) -> Comparison | None:
    """Return the newest comparison of two commits, if there was ever one."""
    return Comparison.objects.select_related("run").filter(project=project).first()


def files_of(project: Project, tree: str) -> set[str]:
    """Return the files of the modules of a tree, nothing where its structure is not the one that is kept."""
    found = Architecture.objects.filter(project=project, tree=tree).first()
    if found is None or found.model is None:
        return set()
    nodes = found.model["graphs"][MODULES]["nodes"]
    return {node["place"]["file"] for node in nodes if node["place"]}


@dataclass(frozen=True)
class StoredModel:
    """What was worked out. `made` names it, and alone decides whether two are equal."""

    made: str
    data: dict[str, Any] = field(compare=False)


def stored_model(found: Architecture) -> StoredModel:
    """Return the model of an architecture that was worked out."""
    assert found.model is not None
    return StoredModel(f"{found.pk}:{found.made_at}", found.model)


@lru_cache(maxsize=4)
def graph_at(model: StoredModel, level: str) -> Graph:
    """Read one level's graph back."""
    stored = model.data["graphs"][level]
    return Graph(tuple(map(_node, stored["nodes"])), tuple(map(_edge, stored["edges"])))


def _node(stored: dict[str, Any]) -> Node:
    return Node(**{**stored, "place": stored["place"] and Place(**stored["place"])})


def _edge(stored: dict[str, Any]) -> Edge:
    return Edge(**{**stored, "places": tuple(Place(**place) for place in stored["places"])})
