"""How the Django project is put together: settings from the environment, URLs, ASGI, Celery."""

from config.celery import celery

__all__ = ["celery"]
