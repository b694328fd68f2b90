"""A run: one piece of long work and its numbered log. The log is the truth; pages and sockets only show it."""

from django.db import models


class RunState(models.TextChoices):
    """Where a run stands."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"
    PAUSED = "paused"


UNFINISHED = (RunState.QUEUED, RunState.RUNNING)


class Run(models.Model):
    """One piece of long work. `subject` names what it works on: two unfinished runs never share a subject."""

    kind = models.CharField(max_length=40)
    subject = models.CharField(max_length=200)
    title = models.CharField(max_length=300)
    page = models.CharField(max_length=300, help_text="Where the result is shown.")
    arguments = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=RunState.choices, default=RunState.QUEUED)
    error = models.TextField(blank=True)
    cancel_requested = models.BooleanField(default=False)
    attempts = models.PositiveSmallIntegerField(default=0)
    worker = models.CharField(max_length=120, blank=True, help_text="The host and process that claimed it.")
    beat_at = models.DateTimeField(null=True, help_text="When its worker last said that it lives.")
    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["state", "beat_at"])]
        constraints = [
            models.UniqueConstraint(
                fields=["subject"],
                condition=models.Q(state__in=UNFINISHED),
                name="one_unfinished_run_per_subject",
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_finished(self) -> bool:
        """Tell whether nothing more will happen to this run."""
        return self.state not in UNFINISHED

    @property
    def goes_on(self) -> bool:
        """Tell whether its work, done once more, goes on where it stopped."""
        return bool(self.arguments.get("goes_on"))

    @property
    def latest_progress(self) -> "RunEvent | None":
        """Return the newest progress line."""
        return self.events.filter(kind=RunEvent.Kind.PROGRESS).order_by("-number").first()


class RunEvent(models.Model):
    """One line of a run's log."""

    class Kind(models.TextChoices):
        """What a line says."""

        PROGRESS = "progress"
        WARNING = "warning"
        STATE = "state"

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="events")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=10, choices=Kind.choices)
    message = models.TextField()
    done = models.BigIntegerField(default=0)
    total = models.BigIntegerField(default=0)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["run", "number"], name="run_events_are_numbered")]

    def __str__(self) -> str:
        return f"{self.number}: {self.message}"
