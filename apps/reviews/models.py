"""A review and all that is kept with it. Its two trees never change, so its page shows what was reviewed for ever."""

from django.db import models

from apps.common.models import Run
from apps.projects.models import Project


class Review(models.Model):
    """A look at `head_tree`: as a change since `base_tree`, or, where there is no base, as it stands."""

    class Kind(models.TextChoices):
        """What is reviewed."""

        RANGE = "range", "Commits or branches"
        STAGED = "staged", "Staged changes"
        WORK_TREE = "work_tree", "Uncommitted changes"
        WORKSPACE = "workspace", "Whole workspace"
        FILES = "files", "Files"

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="reviews")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    title = models.CharField(max_length=300)
    base_label = models.CharField(max_length=300, blank=True)
    head_label = models.CharField(max_length=300)
    base_commit = models.CharField(max_length=64, blank=True)
    head_commit = models.CharField(max_length=64, blank=True)
    base_tree = models.CharField(max_length=64, blank=True)
    head_tree = models.CharField(max_length=64)
    paths = models.JSONField(default=list, help_text="The files asked for; none means all.")
    options = models.JSONField(
        default=dict, help_text="The review's configuration where it differs from the default."
    )
    identity = models.CharField(
        max_length=64, help_text="A digest of what is reviewed, so that it exists once."
    )
    run = models.ForeignKey(Run, null=True, on_delete=models.SET_NULL, related_name="+")
    notes = models.JSONField(default=list, help_text="What the analysis could not judge.")
    left_out = models.JSONField(
        default=list, help_text="What of the work tree was not taken into the review."
    )
    score = models.FloatField(null=True, help_text="Quality from 0 to 1, once findings are there.")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["project", "identity"], name="a_review_exists_once")]

    def __str__(self) -> str:
        return self.title

    @property
    def all_notes(self) -> list[str]:
        """Return everything the reader should know about what is missing."""
        return [*self.left_out, *self.notes]

    @property
    def is_change(self) -> bool:
        """Tell whether there is a base to compare with."""
        return bool(self.base_tree)


class ReviewFinding(models.Model):
    """One finding of a review, as the engine said it."""

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="findings")
    rule = models.CharField(max_length=80)
    category = models.CharField(max_length=20)
    severity = models.CharField(max_length=10)
    confidence = models.FloatField()
    path = models.CharField(max_length=4096)
    start_line = models.PositiveIntegerField()
    start_column = models.PositiveIntegerField()
    end_line = models.PositiveIntegerField()
    end_column = models.PositiveIntegerField()
    message = models.TextField()
    suggestion = models.TextField(blank=True)
    fingerprint = models.CharField(max_length=64)
    fix = models.JSONField(default=list, help_text="Edits, each with the fields of the engine's.")

    class Meta:
        ordering = ["path", "start_line", "start_column", "rule"]
        indexes = [models.Index(fields=["review", "path"])]

    def __str__(self) -> str:
        return f"{self.path}:{self.start_line}: {self.message}"


class Side(models.TextChoices):
    """Which version of a file a line belongs to."""

    OLD = "old"
    NEW = "new"


class Thread(models.Model):
    """A conversation about one line."""

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="threads")
    path = models.CharField(max_length=4096)
    side = models.CharField(max_length=3, choices=Side.choices)
    line = models.PositiveIntegerField()
    is_resolved = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["review", "path"])]

    def __str__(self) -> str:
        return f"{self.path}:{self.line}"


class Comment(models.Model):
    """One remark of a thread."""

    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="comments")
    author = models.CharField(max_length=150)
    body = models.TextField()
    created_at = models.DateTimeField(auto_now_add=True)
    edited_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.body[:80]


class ViewedMark(models.Model):
    """A file's change that the reader is done with. It names contents, so a changed file is unread again."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="+")
    path = models.CharField(max_length=4096)
    contents = models.CharField(max_length=140, help_text="The old and the new blob.")
    marked_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["project", "path", "contents"], name="a_change_is_marked_once")
        ]

    def __str__(self) -> str:
        return self.path
