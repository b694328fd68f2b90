"""What can go wrong with a search besides what its trials raise."""

from rust_ai_ide.errors import RustAiIdeError


class SearchRefused(RustAiIdeError):
    """The space, the sampler or the folder are not such that a search can start."""


class SearchFailed(RustAiIdeError):
    """No trial of the search came to an end."""
