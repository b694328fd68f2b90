"""Django's handle on this app."""

from django.apps import AppConfig


class ModelsConfig(AppConfig):
    """Model versions and runtimes."""

    name = "apps.models"
    label = "model_registry"
