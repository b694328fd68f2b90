"""Reading projects."""

from django.shortcuts import get_object_or_404

from apps.projects.models import Project


def all_projects() -> list[Project]:
    """Return the projects, the last seen first."""
    return list(Project.objects.filter(forgotten_at=None).select_related("run"))


def project_by_id(project_id: int) -> Project:
    """Return the project, or answer 404."""
    return get_object_or_404(Project.objects.select_related("run"), pk=project_id, forgotten_at=None)


def project_at(location: str) -> Project | None:
    """Return the project that was opened from this path, if any."""
    return Project.objects.filter(origin=Project.Origin.PATH, location=location, forgotten_at=None).first()
