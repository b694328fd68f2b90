"""What can go wrong with private training besides what its parts raise."""

from rust_ai_ide.errors import RustAiIdeError


class PrivacyRefused(RustAiIdeError):
    """What was asked for cannot be promised."""


class UpdateUnusable(RustAiIdeError):
    """A stored update is missing, damaged, or of another base."""
