"""Versions of models, what was done with them, and the keys of outside clients."""

from django.conf import settings
from django.db import models


class ModelVersion(models.Model):
    """One version of a model, as its folder's manifest describes it."""

    name = models.CharField(max_length=80)
    version = models.CharField(max_length=80)
    digest = models.CharField(max_length=64, help_text="SHA-256 of the weights.")
    family = models.CharField(max_length=80)
    licence = models.CharField(max_length=200)
    base_model = models.CharField(max_length=200, blank=True)
    origin = models.CharField(max_length=300, blank=True)
    quantisation = models.CharField(max_length=40)
    context_length = models.PositiveIntegerField()
    parameters = models.PositiveBigIntegerField(default=0)
    size = models.PositiveBigIntegerField(help_text="Bytes of all its files.")
    can_infill = models.BooleanField(default=False)
    can_chat = models.BooleanField(default=False)
    is_shipped = models.BooleanField(default=False)
    is_active = models.BooleanField(default=False, help_text="Completions come from this version.")
    metrics = models.JSONField(default=dict)
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["name", "version"]
        constraints = [
            models.UniqueConstraint(fields=["name", "version"], name="one_row_per_model_version"),
            models.UniqueConstraint(
                fields=["is_active"], condition=models.Q(is_active=True), name="one_active_model_version"
            ),
        ]

    def __str__(self) -> str:
        return self.identifier

    @property
    def identifier(self) -> str:
        """Return the name that the interface and the runtimes use."""
        return f"{self.name}@{self.version}"


class Endpoint(models.Model):
    """A model behind another server: it chats, and completes where it may."""

    class Kind(models.TextChoices):
        """Whose interface it speaks."""

        COMPATIBLE = "compatible", "OpenAI-compatible server"
        OPENAI = "openai", "OpenAI"
        ANTHROPIC = "anthropic", "Anthropic"

    class Completes(models.TextChoices):
        """Whether it may complete lines, and how it is asked to."""

        NEVER = "", "No"
        COMPLETIONS = "completions", "By /v1/completions"
        INFILL = "infill", "By /infill"

    name = models.CharField(max_length=80, unique=True)
    kind = models.CharField(max_length=12, choices=Kind.choices, default=Kind.COMPATIBLE)
    url = models.CharField(max_length=300)
    model = models.CharField(max_length=200)
    sealed_key = models.BinaryField(default=b"")
    context_length = models.PositiveIntegerField(default=8192)
    completes = models.CharField(
        max_length=12, choices=Completes.choices, default=Completes.NEVER, blank=True,
        help_text="How lines are asked for; by default they never are, since code goes along.",
    )  # fmt: skip
    is_enabled = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name

    @property
    def is_cloud(self) -> bool:
        """Tell whether it belongs to a provider on the internet."""
        return self.kind != self.Kind.COMPATIBLE


class ModelEvent(models.Model):
    """A line of the audit log."""

    at = models.DateTimeField(auto_now_add=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL)
    action = models.CharField(max_length=40)
    model = models.CharField(max_length=170)
    detail = models.TextField(blank=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.action} {self.model}"


class ApiKey(models.Model):
    """A key for an outside client. Only its hash is kept; the key itself is shown once."""

    name = models.CharField(max_length=80)
    digest = models.CharField(max_length=64, unique=True)
    hint = models.CharField(max_length=12, help_text="How the key begins.")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    created_at = models.DateTimeField(auto_now_add=True)
    used_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.name
