"""The long work on projects: bringing them here, and reading all of their Rust."""

import shutil
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone

from apps.common.performing import performs
from apps.projects import services
from apps.projects.analysing import count_findings
from apps.projects.models import Project
from rust_ai_ide.observability.events import Report
from rust_ai_ide.source.archives import import_archive
from rust_ai_ide.source.git.cloning import clone_repository


def _fresh(project: Project) -> Path:
    """Return where the repository goes, without what an interrupted run left there."""
    shutil.rmtree(project.repository_path, ignore_errors=True)
    project.folder.mkdir(parents=True, exist_ok=True)
    return project.repository_path


@performs("import")
def import_upload(arguments: dict[str, Any], report: Report) -> None:
    """Turn an uploaded archive into a repository."""
    project = Project.objects.get(pk=arguments["project"])
    with services.kept_upload(project) as stream:
        import_archive(stream, project.location, _fresh(project), report=report)
    (project.folder / "upload").unlink(missing_ok=True)
    _ready(project)


@performs("clone")
def clone(arguments: dict[str, Any], report: Report) -> None:
    """Clone a repository."""
    project = Project.objects.get(pk=arguments["project"])
    clone_repository(project.location, _fresh(project), trusted_hosts=settings.TRUSTED_HOSTS, report=report)
    _ready(project)


def _ready(project: Project) -> None:
    project.is_ready = True
    project.save(update_fields=["is_ready"])
    services.analyse(project)


@performs("analyse")
def analyse(arguments: dict[str, Any], report: Report) -> None:
    """Judge every Rust file as it is now and keep the counts."""
    project = Project.objects.get(pk=arguments["project"])
    counts = count_findings(project, report)
    Project.objects.filter(pk=project.pk).update(
        analysis={**counts, "at": timezone.now().isoformat(timespec="seconds")}
    )
