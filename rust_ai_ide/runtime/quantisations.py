"""The types that weights can be stored in, and why others are refused."""

from rust_ai_ide.runtime.errors import InvalidConfig

QUANTISATION = "int8"
QUANTISATIONS = ("int8", "int16", "float16", "bfloat16", "float32")
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
    if wanted not in offered_quantisations():
        raise InvalidConfig(
            f"CTranslate2 cannot compute with {wanted} on this processor; take another type.", "quantisation"
        )
    return wanted


def offered_quantisations() -> tuple[str, ...]:
    """Return the types that make sense on this processor: what it cannot compute with as floats, it widens."""
    import ctranslate2

    supported = ctranslate2.get_supported_compute_types("cpu")
    return tuple(name for name in QUANTISATIONS if name != "int16" or name in supported)
