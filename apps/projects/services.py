"""Opening, renaming and forgetting projects."""

import shutil
from datetime import timedelta
from pathlib import Path
from typing import BinaryIO
from urllib.parse import urlsplit

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.urls import reverse
from django.utils import timezone

from apps.common.models import UNFINISHED, Run
from apps.common.services import cancel_run, start_run
from apps.projects import selectors
from apps.projects.models import Project
from rust_ai_ide.errors import RustAiIdeError
from rust_ai_ide.source.addresses import vet_address
from rust_ai_ide.source.git import Repository, open_repository

UNDO_TIME = timedelta(hours=1)


class CannotOpen(RustAiIdeError):
    """A project cannot be opened as asked."""


class DiskFull(RustAiIdeError):
    """The disk does not take what was uploaded."""

    status = 507


class NotReady(RustAiIdeError):
    """The project has no repository to read yet."""

    status = 409


def open_by_path(path: str) -> Project:
    """Open the repository that `path` lies in; one that is open already is returned as it is."""
    _purge()
    if not settings.OPEN_BY_PATH:
        raise CannotOpen("This server does not open folders by path. Upload an archive, or clone from a URL.")
    if not path.strip():
        raise CannotOpen("Give the path of a folder with a git repository, such as ~/code/my-crate.")
    folder = Path(path.strip()).expanduser()
    if not folder.is_absolute():
        raise CannotOpen(f"{path} is not a full path. Begin it with / or ~.")
    repository = open_repository(folder, Path(settings.HOME) / "probe")
    root = str(repository.work_tree or repository.git_dir)
    known = selectors.project_at(root)
    if known:
        return known
    project = Project.objects.create(
        name=Path(root).name[:120] or "root", origin=Project.Origin.PATH, location=root, is_ready=True
    )
    analyse(project)
    return project


def upload(file: UploadedFile) -> Project:
    """Keep an uploaded archive and start importing it."""
    _purge()
    name = Path(file.name or "upload").name
    project = Project.objects.create(
        name=name.removesuffix(".zip").removesuffix(".gz").removesuffix(".tgz").removesuffix(".tar")[:120],
        origin=Project.Origin.UPLOAD,
        location=name,
    )
    kept = project.folder / "upload"
    try:
        project.folder.mkdir(parents=True, exist_ok=True)
        with kept.open("wb") as copy:
            for chunk in file.chunks():
                copy.write(chunk)
    except OSError as error:
        _remove(project)
        raise DiskFull(
            f"The upload could not be kept: {error.strerror}. Nothing was opened; make room and try again."
        ) from error
    _start(project, kind="import", title=f"Import {name}")
    return project


def clone(url: str) -> Project:
    """Start cloning `url`. Raises where it is no address that may be cloned from."""
    vetted = vet_address(url.strip(), trusted_hosts=settings.TRUSTED_HOSTS)
    name = urlsplit(vetted.url).path.rstrip("/").rpartition("/")[2].removesuffix(".git") or "clone"
    project = Project.objects.create(name=name[:120], origin=Project.Origin.URL, location=vetted.url)
    _start(project, kind="clone", title=f"Clone {vetted.url}")
    return project


def _start(project: Project, *, kind: str, title: str) -> None:
    page = reverse("project", args=[project.pk])
    project.run = start_run(
        kind=kind, subject=f"{kind}:{project.pk}", title=title, page=page, arguments={"project": project.pk}
    )
    project.save(update_fields=["run"])


def analyse(project: Project) -> Run:
    """Start reading and judging every Rust file of the project as it is now; what is known is not done again."""
    return start_run(
        kind="analyse",
        subject=f"analyse:{project.pk}",
        title=f"Analyse {project.name}",
        page=reverse("project", args=[project.pk]),
        arguments={"project": project.pk},
    )


def rename(project: Project, name: str) -> None:
    """Give the project another name."""
    name = name.strip()
    if not name or len(name) > 120:
        raise CannotOpen("A name has 1 to 120 characters.")
    project.name = name
    project.save(update_fields=["name"])


def forget(project: Project) -> None:
    """Take the project from the list and stop its runs. For an hour `restore` brings it back whole."""
    for run in Run.objects.filter(arguments__project=project.pk, state__in=UNFINISHED):
        cancel_run(run)
    Project.objects.filter(pk=project.pk).update(forgotten_at=timezone.now())
    _purge()


def restore(project_id: int) -> Project:
    """Undo `forget`."""
    restored = Project.objects.filter(pk=project_id, forgotten_at__isnull=False).update(forgotten_at=None)
    if not restored:
        raise CannotOpen("This project was removed for good. Open it again.")
    return selectors.project_by_id(project_id)


def _purge() -> None:
    """Remove what was forgotten over an hour ago, with our own copies. The user's folders stay as they are."""
    for project in Project.objects.filter(forgotten_at__lt=timezone.now() - UNDO_TIME):
        _remove(project)


def _remove(project: Project) -> None:
    folder = project.folder
    project.delete()
    shutil.rmtree(folder, ignore_errors=True)


def touch(project: Project) -> None:
    """Remember that the project was looked at now."""
    Project.objects.filter(pk=project.pk).update(seen_at=timezone.now())


def repository_of(project: Project) -> Repository:
    """Open the project's repository for reading."""
    if not project.is_ready:
        raise NotReady(f"{project.name} is still being brought here.")
    return open_repository(project.repository_path, project.folder / "objects")


def kept_upload(project: Project) -> BinaryIO:
    """Open the archive that was uploaded for this project."""
    return (project.folder / "upload").open("rb")


def unfinished_analysis(project: Project) -> Run | None:
    """Return the analysis that is queued or running for this project, if any."""
    return Run.objects.filter(subject=f"analyse:{project.pk}", state__in=UNFINISHED).first()
