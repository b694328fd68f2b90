"""All families that can be trained."""

from typing import Any

from rust_ai_ide.training.families.family import Family
from rust_ai_ide.training.families.gpt_bigcode import GPT_BIGCODE
from rust_ai_ide.training.families.llama import LLAMA
from rust_ai_ide.training.shape import NetworkConfig

FAMILIES: dict[str, Family] = {family.name: family for family in (LLAMA, GPT_BIGCODE)}


def family_of(shape: NetworkConfig) -> Family:
    """Return the family of a shape."""
    return FAMILIES[shape.family]


def family_of_network(network: Any) -> Family:
    """Return the family of a network of Transformers."""
    return FAMILIES[network.config.model_type]
