"""The Celery application. Runs are its only tasks: see `apps/common/tasks.py`."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

celery = Celery("rust_ai_ide")
celery.config_from_object("django.conf:settings", namespace="CELERY")
celery.autodiscover_tasks()
