"""Django's handle on this app."""

from django.apps import AppConfig


class TrainingConfig(AppConfig):
    """Datasets."""

    name = "apps.training"
    label = "training"
