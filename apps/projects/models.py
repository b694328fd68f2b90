"""A project: a repository that the user opened."""

from pathlib import Path

from django.conf import settings
from django.db import models

from apps.common.models import Run


class Project(models.Model):
    """An opened repository. Ours lies under `folder`; the user's, at `location`, is only ever read."""

    class Origin(models.TextChoices):
        """Where the repository came from."""

        PATH = "path"
        UPLOAD = "upload"
        URL = "url"

    name = models.CharField(max_length=120)
    origin = models.CharField(max_length=10, choices=Origin.choices)
    location = models.CharField(max_length=4096, help_text="The path, the file's name, or the URL.")
    is_ready = models.BooleanField(default=False, help_text="Whether there is a repository to read yet.")
    forgotten_at = models.DateTimeField(
        null=True, help_text="When it was forgotten; that can be undone for an hour."
    )
    run = models.ForeignKey(Run, null=True, on_delete=models.SET_NULL, related_name="+")
    analysis = models.JSONField(default=dict, help_text="What the last analysis counted.")
    opened_at = models.DateTimeField(auto_now_add=True)
    seen_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-seen_at"]

    def __str__(self) -> str:
        return self.name

    @property
    def folder(self) -> Path:
        """Return the folder of our own that belongs to this project."""
        return Path(settings.HOME) / "projects" / str(self.pk)

    @property
    def repository_path(self) -> Path:
        """Return where the repository lies."""
        return Path(self.location) if self.origin == self.Origin.PATH else self.folder / "repository.git"
