"""Django's handle on this app."""

from django.apps import AppConfig


class ReviewsConfig(AppConfig):
    """Reviews of changes and of whole workspaces."""

    name = "apps.reviews"
