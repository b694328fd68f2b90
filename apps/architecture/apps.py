"""Django's handle on this app."""

from django.apps import AppConfig


class ArchitectureConfig(AppConfig):
    """Pictures of a project's structure."""

    name = "apps.architecture"
