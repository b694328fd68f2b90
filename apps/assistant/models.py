"""Conversations about a project."""

from django.db import models

from apps.projects.models import Project


class Conversation(models.Model):
    """Questions and answers about one project."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="conversations")
    title = models.CharField(max_length=120)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["-updated_at"]

    def __str__(self) -> str:
        return self.title


class ChatMessage(models.Model):
    """One turn. An answer is written by a model, or found in the repository where no model can chat."""

    class Role(models.TextChoices):
        """Whose turn it is."""

        USER = "user"
        ASSISTANT = "assistant"

    class State(models.TextChoices):
        """How far an answer is."""

        WAITING = "waiting"
        ANSWERING = "answering"
        DONE = "done"
        STOPPED = "stopped"
        FAILED = "failed"

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="messages")
    role = models.CharField(max_length=10, choices=Role.choices)
    state = models.CharField(max_length=10, choices=State.choices, default=State.DONE)
    text = models.TextField(blank=True)
    error = models.TextField(blank=True)
    model = models.CharField(
        max_length=170, blank=True, help_text="Which version wrote it; none where it was found."
    )
    places = models.JSONField(default=list, help_text="What was found in the repository.")
    context = models.JSONField(
        default=dict, help_text="What of the repository the model was shown, and what not."
    )
    beat_at = models.DateTimeField(
        null=True, help_text="When the process that answers last said that it lives."
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.text[:60]
