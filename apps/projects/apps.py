"""Django's handle on this app."""

from django.apps import AppConfig


class ProjectsConfig(AppConfig):
    """Opened repositories."""

    name = "apps.projects"
