"""The PyTorch twin of a model folder: the same weights as CTranslate2's, back in a network of Transformers.

What CTranslate2 stores in 8 bits comes back as those 8 bits times their row's scale: the same numbers it computes with,
so training can go on from a shipped model, and attention, which CTranslate2 does not show, can be looked at.
"""

from pathlib import Path
from typing import Any

from rust_ai_ide.runtime.errors import InvalidConfig
from rust_ai_ide.runtime.manifest import WEIGHTS, read_manifest
from rust_ai_ide.training.extra import require
from rust_ai_ide.training.families.known import FAMILIES, family_of
from rust_ai_ide.training.network import NetworkConfig, build
from rust_ai_ide.training.stored import StoredWeights

FAMILY = "llama"


def twin(folder: Path) -> Any:
    """Return a network of Transformers in 32 bits with the weights of a model folder, in evaluation mode.

    Raises InvalidConfig for another family or a kind of weights that cannot be read back, TrainingNotInstalled.
    """
    torch = require("torch")
    shape = network_config(folder)
    family = family_of(shape)
    network = build(shape)
    arrays = family.arrays(StoredWeights(folder), shape)
    state = {name: torch.from_numpy(array) for name, array in arrays.items()}
    missing, unknown = network.load_state_dict(state, strict=False)
    if unknown or set(missing) - {"lm_head.weight"}:
        raise InvalidConfig(
            f"{WEIGHTS} of {folder.name} holds other weights than a {family.title} has.", WEIGHTS
        )
    network.tie_weights()
    return network.eval()


def network_config(folder: Path) -> NetworkConfig:
    """Return the shape of the network in a model folder. Raises InvalidConfig."""
    manifest = read_manifest(folder)
    family = FAMILIES.get(manifest.family)
    shape = family.read_shape(StoredWeights(folder), manifest.context_length) if family else None
    if shape is None:
        raise InvalidConfig(
            f"{manifest.id} is neither a plain Llama nor a plain GPTBigCode, so it has no twin in PyTorch.",
            "family",
        )
    return shape
