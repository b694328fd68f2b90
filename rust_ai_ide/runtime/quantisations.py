"""The types that weights can be stored in, and why others are refused."""

from rust_ai_ide.runtime.errors import InvalidConfig

QUANTISATION = "int8"
QUANTISATIONS = ("int8", "int16", "float16", "bfloat16", "float32")
EVERYWHERE = ("int8", "float16", "bfloat16", "float32")
"""Those that every processor loads; floats are widened to 32 bits where it cannot compute with them."""
BITS = {"int8": 8, "int16": 16, "float16": 16, "bfloat16": 16, "float32": 32}
ENDPOINT = "serve it by llama.cpp or Ollama and use that as an HTTP endpoint"
_FOUR_BITS = ("int4", "4bit", "4-bit", "q4", "gptq", "awq", "nf4", "fp4")


def check_quantisation(wanted: str) -> str:
    """Return the type if weights can be stored so and computed with on this processor. Raises InvalidConfig."""
    if wanted.lower().startswith(_FOUR_BITS):
        raise InvalidConfig(
            f"{wanted[:20]} needs a GPU: there is no 4-bit arithmetic for processors here. Take int8, or {ENDPOINT}.",
            "quantisation",
        )
    if wanted not in QUANTISATIONS:
        raise InvalidConfig(
            f"{wanted[:20]!r} is no type of weights: use {', '.join(QUANTISATIONS)}.", "quantisation"
        )
    if wanted not in EVERYWHERE and not _computes_with(wanted):
        raise InvalidConfig(
            f"CTranslate2 cannot compute with {wanted} on this processor; take another type.", "quantisation"
        )
    return wanted


def _computes_with(wanted: str) -> bool:
    import ctranslate2

    return wanted in ctranslate2.get_supported_compute_types("cpu")
