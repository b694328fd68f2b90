"""Django's handle on this app."""

from django.apps import AppConfig


class CommonConfig(AppConfig):
    """The shell, sign-in and the run log."""

    name = "apps.common"
