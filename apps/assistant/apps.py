"""Django's handle on this app."""

from django.apps import AppConfig


class AssistantConfig(AppConfig):
    """The editor and its completions."""

    name = "apps.assistant"
