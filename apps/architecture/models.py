"""The architecture of a project as it was worked out for one tree, and how that of two commits differs."""

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
    measures = models.JSONField(null=True, help_text="Figures by measure and file, of the same tree.")
    measuring = models.ForeignKey(Run, null=True, on_delete=models.SET_NULL, related_name="+")

    def __str__(self) -> str:
        return f"Architecture of {self.project}"


class Advice(models.Model):
    """What was recommended for a tree, and what was asked. One per project, the newest."""

    project = models.OneToOneField(Project, on_delete=models.CASCADE, related_name="advice")
    tree = models.CharField(max_length=64)
    asked = models.JSONField(help_text="The entries of the form, by name.")
    found = models.JSONField(null=True)
    run = models.ForeignKey(Run, null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"Advice on {self.project}"


class Comparison(models.Model):
    """How the architecture of a commit differs from that of an earlier one. One per project, the newest."""

    project = models.OneToOneField(Project, on_delete=models.CASCADE, related_name="comparison")
    before = models.CharField(max_length=300, help_text="As it was asked for: a branch, tag or commit.")
    after = models.CharField(
        max_length=300, blank=True, help_text="The same; nothing for the tree as it is now."
    )
    before_tree = models.CharField(max_length=64)
    after_tree = models.CharField(max_length=64)
    found = models.JSONField(null=True)
    run = models.ForeignKey(Run, null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.before} and {self.after or 'now'} of {self.project}"
