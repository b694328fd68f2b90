"""The sizes that a model trained from nothing can have."""

from dataclasses import replace

from rust_ai_ide.training.shape import NetworkConfig

SIZES = {
    "small": NetworkConfig(),
    "medium": NetworkConfig(vocabulary=12_288, width=320, layers=8, heads=5, inner=864),
    "large": NetworkConfig(vocabulary=12_288, width=512, layers=8, heads=8, inner=1408),
}
"""Llamas of about 7, 14 and 32 million weights, with heads of 64."""
_INNER = 4


def sized(size: str, family: str) -> NetworkConfig:
    """Return the shape of one of SIZES in a family: a GPTBigCode has four times its width between its two matrices."""
    shape = SIZES[size]
    if family == "gpt_bigcode":
        return replace(shape, family=family, inner=_INNER * shape.width, key_heads=1, epsilon=1e-5)
    return shape
