"""What can go wrong with fine-tuning besides what its parts raise."""

from rust_ai_ide.errors import RustAiIdeError


class FinetuningRefused(RustAiIdeError):
    """The settings, the base or the dataset are not such that a training can start."""


class NothingLearnt(RustAiIdeError):
    """The training ended with a network that answers as its base does."""
