"""Why a model cannot be converted."""

from rust_ai_ide.errors import RustAiIdeError


class ConversionFailed(RustAiIdeError):
    """The model cannot be made into a model folder."""
