"""The architecture of a project as it was worked out for one tree."""

from django.db import models

from apps.common.models import Run
from apps.projects.models import Project


class Architecture(models.Model):
    """What the engine worked out: crates, modules, edges, cycles. One per project, replaced when it changes."""

    project = models.OneToOneField(Project, on_delete=models.CASCADE, related_name="architecture")
    tree = models.CharField(max_length=64, blank=True)
    label = models.CharField(max_length=300, blank=True)
    model = models.JSONField(null=True)
    run = models.ForeignKey(Run, null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"Architecture of {self.project}"
