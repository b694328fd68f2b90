"""Why a model cannot be converted."""

from rust_ai_ide.errors import RustAiIdeError

ENDPOINT = "serve it by llama.cpp or Ollama and use that as an HTTP endpoint"


class ConversionFailed(RustAiIdeError):
    """The model cannot be made into a model folder."""
