"""The PyTorch twin of a model folder: the same weights as CTranslate2's, back in a Llama of Transformers.

What CTranslate2 stores in 8 bits comes back as those 8 bits times their row's scale: the same numbers it computes with,
so training can go on from a shipped model, and attention, which CTranslate2 does not show, can be looked at.
"""

import json
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rust_ai_ide.runtime.arrays import read_array
from rust_ai_ide.runtime.errors import InvalidConfig
from rust_ai_ide.runtime.manifest import WEIGHTS, read_manifest
from rust_ai_ide.runtime.weights import read_aliases, read_shapes, read_variables
from rust_ai_ide.training.extra import require
from rust_ai_ide.training.network import NetworkConfig, build

FAMILY = "llama"
Array = NDArray[np.float32]
_READ_BACK = {"float32", "float16", "bfloat16", "int8"}
_EPSILON = "layer_norm_epsilon"


def twin(folder: Path) -> Any:
    """Return a `LlamaForCausalLM` in 32 bits with the weights of a model folder, in evaluation mode.

    Raises InvalidConfig for another family or a kind of weights that cannot be read back, TrainingNotInstalled.
    """
    torch = require("torch")
    weights = _Weights(folder)
    config = network_config(folder)
    network = build(config)
    state = {name: torch.from_numpy(array) for name, array in _named(weights, config).items()}
    missing, unknown = network.load_state_dict(state, strict=False)
    if unknown or set(missing) - {"lm_head.weight"}:
        raise InvalidConfig(f"{WEIGHTS} of {folder.name} holds other weights than a Llama has.", WEIGHTS)
    network.tie_weights()
    return network.eval()


def network_config(folder: Path) -> NetworkConfig:
    """Return the shape of the Llama in a model folder. Raises InvalidConfig."""
    manifest = read_manifest(folder)
    variables = read_variables(folder)
    if manifest.family != FAMILY or any("rotary_scaling" in name for name in variables):
        raise InvalidConfig(f"{manifest.id} is no plain Llama, so it has no twin in PyTorch.", "family")
    shapes = read_shapes(folder)
    fused = variables["decoder/layer_0/self_attention/linear_0/weight"].shape[0]
    attended = shapes.heads * shapes.head_width
    return NetworkConfig(
        vocabulary=shapes.vocabulary,
        width=shapes.width,
        layers=shapes.layers,
        heads=shapes.heads,
        key_heads=(fused - attended) // (2 * shapes.head_width),
        inner=shapes.inner_width,
        context=manifest.context_length,
        rope_base=float(_Weights(folder).array("decoder/layer_0/self_attention/rotary_base")),
        # CTranslate2's own where the folder names none.
        epsilon=float(json.loads((folder / "config.json").read_text(encoding="utf-8"))[_EPSILON] or 1e-6),
        tied="decoder/projection/weight" not in variables,
    )


class _Weights:
    """The arrays of `model.bin` by name, as 32-bit numbers."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._variables = read_variables(folder)
        self._aliases = read_aliases(folder)

    def array(self, name: str) -> Array:
        """Return one array. Raises InvalidConfig where it is missing or of a type that is not read back."""
        variable = self._variables.get(self._aliases.get(name, name))
        if variable is None:
            raise InvalidConfig(f"{WEIGHTS} lacks {name}.", WEIGHTS)
        if variable.type not in _READ_BACK:
            raise InvalidConfig(f"Weights of the type {variable.type} cannot be read back.", WEIGHTS)
        stored: Array = read_array(self._folder, variable).astype(np.float32)
        if variable.type == "int8":
            # CTranslate2 stores round(weight * scale), with scale = 127 / max|row|.
            stored /= self.array(f"{name}_scale")[:, None]
        return stored


def _named(weights: _Weights, config: NetworkConfig) -> dict[str, Array]:
    """Return the arrays under the names of Transformers; CTranslate2 holds query, key and value in one."""
    head_width = config.width // config.heads
    query = config.heads * head_width
    key = query + (config.key_heads or config.heads) * head_width
    found = {
        "model.embed_tokens.weight": weights.array("decoder/embeddings/weight"),
        "model.norm.weight": weights.array("decoder/layer_norm/gamma"),
    }
    if not config.tied:
        found["lm_head.weight"] = weights.array("decoder/projection/weight")
    for layer in range(config.layers):
        here, there = f"decoder/layer_{layer}", f"model.layers.{layer}"
        fused = weights.array(f"{here}/self_attention/linear_0/weight")
        found |= {
            f"{there}.self_attn.q_proj.weight": fused[:query].copy(),
            f"{there}.self_attn.k_proj.weight": fused[query:key].copy(),
            f"{there}.self_attn.v_proj.weight": fused[key:].copy(),
            f"{there}.self_attn.o_proj.weight": weights.array(f"{here}/self_attention/linear_1/weight"),
            f"{there}.mlp.gate_proj.weight": weights.array(f"{here}/ffn/linear_0/weight"),
            f"{there}.mlp.up_proj.weight": weights.array(f"{here}/ffn/linear_0_noact/weight"),
            f"{there}.mlp.down_proj.weight": weights.array(f"{here}/ffn/linear_1/weight"),
            f"{there}.input_layernorm.weight": weights.array(f"{here}/self_attention/layer_norm/gamma"),
            f"{there}.post_attention_layernorm.weight": weights.array(f"{here}/ffn/layer_norm/gamma"),
        }
    return found
