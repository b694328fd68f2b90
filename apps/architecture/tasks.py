"""The long work on structure."""

from typing import Any

from apps.architecture import services
from apps.architecture.advising import KIND as ADVISING
from apps.architecture.advising import advise
from apps.architecture.comparing import KIND as COMPARING
from apps.architecture.comparing import compare
from apps.architecture.measuring import measured
from apps.architecture.selectors import files_of
from apps.common.performing import performs
from apps.projects.analysis import child, store
from apps.projects.models import Project
from apps.projects.services import repository_of
from rust_ai_ide.architecture.patterns.detecting import examine
from rust_ai_ide.architecture.sources import build_structure
from rust_ai_ide.observability.events import Report


@performs("architecture")
def work_out(arguments: dict[str, Any], report: Report) -> None:
    """Work out crates, modules, edges, cycles and patterns of one tree."""
    project = Project.objects.get(pk=arguments["project"])
    structure = build_structure(repository_of(project), arguments["tree"], store(), report, child())
    findings = examine(structure, report=report)
    services.save(project.pk, arguments["tree"], arguments["label"], structure.model, findings)
    services.measure(project, arguments["tree"], arguments.get("commit"))


@performs("architecture-measures")
def measure(arguments: dict[str, Any], report: Report) -> None:
    """Measure the files of the modules of one tree."""
    project = Project.objects.get(pk=arguments["project"])
    tree = arguments["tree"]
    paths = files_of(project, tree)
    services.save_measures(
        project.pk, tree, measured(repository_of(project), tree, arguments["commit"], paths, report)
    )


@performs(ADVISING)
def advise_on_tree(arguments: dict[str, Any], report: Report) -> None:
    """Work out what to recommend for one tree."""
    project = Project.objects.get(pk=arguments["project"])
    advise(project, arguments["tree"], arguments["commit"], arguments["asked"], report)


@performs(COMPARING)
def compare_trees(arguments: dict[str, Any], report: Report) -> None:
    """Compare the architecture of two trees."""
    project = Project.objects.get(pk=arguments["project"])
    compare(project, arguments["before"], arguments["after"], report)
