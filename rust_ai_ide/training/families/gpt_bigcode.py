"""GPTBigCode, the family of StarCoder: Li et al., "StarCoder: may the source be with you!" (2023).

Learned positions, layer norms and linear maps with biases, GELU, and one head of keys and values for all queries:
Shazeer, "Fast transformer decoding: one write-head is all you need" (2019).
"""

from typing import Any

from rust_ai_ide.training.extra import require
from rust_ai_ide.training.families.family import Matrices
from rust_ai_ide.training.shape import NetworkConfig
from rust_ai_ide.training.stored import Array, StoredWeights

# Kept for the way back, in multiples of the width and of the inner width, a token and layer.
_WIDTHS = 9
_INNERS = 3
_GELU = 1
"""CTranslate2's number of GELU by its tanh approximation."""
_POSITIONS = "decoder/position_encodings/encodings"


class GptBigCode:
    """A GPTBigCode with multi-query attention; see Family."""

    name = "gpt_bigcode"
    title = "GPTBigCode"
    lora_layers: tuple[str, ...] = ("c_attn", "c_proj", "c_fc")

    def build(self, shape: NetworkConfig) -> Any:
        """Return a `GPTBigCodeForCausalLM`, without dropout, so that a resumed training repeats itself; see Family."""
        transformers = require("transformers")
        return transformers.GPTBigCodeForCausalLM(
            transformers.GPTBigCodeConfig(
                vocab_size=shape.vocabulary,
                n_embd=shape.width,
                n_layer=shape.layers,
                n_head=shape.heads,
                n_inner=shape.inner,
                n_positions=shape.context,
                layer_norm_epsilon=shape.epsilon,
                activation_function="gelu_pytorch_tanh",
                multi_query=True,
                tie_word_embeddings=shape.tied,
                resid_pdrop=0.0,
                embd_pdrop=0.0,
                attn_pdrop=0.0,
                use_cache=False,
                initializer_range=0.02,
                bos_token_id=1,
                eos_token_id=2,
                pad_token_id=None,
            )
        )

    def layers(self, network: Any) -> Any:
        """Return the modules of the layers; see Family."""
        return network.transformer.h

    def matrices(self, shape: NetworkConfig) -> Matrices:
        """Return those of attention, its output, and the two around GELU; see Family."""
        width, inner = shape.width, shape.inner
        return ((_fused(shape), width), (width, width), (inner, width), (width, inner))

    def count_weights(self, shape: NetworkConfig) -> int:
        """Return how many weights there are, biases included; see Family."""
        tokens = shape.vocabulary * (1 if shape.tied else 2)
        norms = 2 * shape.width
        matrices = sum(rows * columns + rows for rows, columns in self.matrices(shape))
        return (tokens + shape.context) * shape.width + shape.layers * (matrices + 2 * norms) + norms

    def kept_inside(self, shape: NetworkConfig) -> int:
        """Return what a layer keeps of a token; see Family."""
        return _WIDTHS * shape.width + _INNERS * shape.inner

    def specification(self, network: Any) -> Any:
        """Return the specification by CTranslate2's own loader; see Family."""
        from ctranslate2.converters.transformers import GPTBigCodeMHALoader

        spec = GPTBigCodeMHALoader().get_model_spec(network)
        spec.config.layer_norm_epsilon = network.config.layer_norm_epsilon
        return spec

    def read_shape(self, weights: StoredWeights, context: int) -> NetworkConfig | None:
        """Return the shape, None for other positions, activations or more heads of keys; see Family.

        The context is as long as there are learned positions, whatever the manifest allows.
        """
        if not _has_one_key(weights) or _POSITIONS not in weights:
            return None
        if weights.number("decoder/activation") != _GELU:
            return None
        shapes = weights.shapes
        return NetworkConfig(
            vocabulary=shapes.vocabulary,
            width=shapes.width,
            layers=shapes.layers,
            heads=shapes.heads,
            key_heads=1,
            inner=shapes.inner_width,
            context=weights.rows(_POSITIONS),
            epsilon=weights.epsilon(usual=1e-5),
            tied="decoder/projection/weight" not in weights,
            family=self.name,
        )

    def arrays(self, weights: StoredWeights, shape: NetworkConfig) -> dict[str, Array]:
        """Return the weights; see Family."""
        found = {
            "transformer.wte.weight": weights.array("decoder/embeddings/weight"),
            "transformer.wpe.weight": weights.array(_POSITIONS),
            **_norm(weights, "decoder/layer_norm", "transformer.ln_f"),
        }
        if not shape.tied:
            found["lm_head.weight"] = weights.array("decoder/projection/weight")
        for layer in range(shape.layers):
            here, there = f"decoder/layer_{layer}", f"transformer.h.{layer}"
            found |= _norm(weights, f"{here}/self_attention/layer_norm", f"{there}.ln_1")
            found |= _norm(weights, f"{here}/ffn/layer_norm", f"{there}.ln_2")
            found |= _linear(weights, f"{here}/self_attention/linear_0", f"{there}.attn.c_attn")
            found |= _linear(weights, f"{here}/self_attention/linear_1", f"{there}.attn.c_proj")
            found |= _linear(weights, f"{here}/ffn/linear_0", f"{there}.mlp.c_fc")
            found |= _linear(weights, f"{here}/ffn/linear_1", f"{there}.mlp.c_proj")
        return found


def _fused(shape: NetworkConfig) -> int:
    """Return the rows of queries, one key and one value together."""
    return shape.width + 2 * (shape.width // shape.heads)


def _has_one_key(weights: StoredWeights) -> bool:
    """Return whether all queries share one head of keys, which CTranslate2 has written in two ways."""
    here = "decoder/layer_0/self_attention/num_heads_kv"
    return bool(weights.number("decoder/multi_query_attention")) or weights.number(here) == 1


def _linear(weights: StoredWeights, here: str, there: str) -> dict[str, Array]:
    return {f"{there}.{part}": weights.array(f"{here}/{part}") for part in ("weight", "bias")}


def _norm(weights: StoredWeights, here: str, there: str) -> dict[str, Array]:
    return {
        f"{there}.weight": weights.array(f"{here}/gamma"),
        f"{there}.bias": weights.array(f"{here}/beta"),
    }


GPT_BIGCODE = GptBigCode()
