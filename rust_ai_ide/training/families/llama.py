"""Llama: Touvron et al., "LLaMA" (2023)."""

from typing import Any

from rust_ai_ide.training.extra import require
from rust_ai_ide.training.families.family import Matrices
from rust_ai_ide.training.shape import NetworkConfig
from rust_ai_ide.training.stored import Array, StoredWeights

# Kept for the way back, in multiples of the width and of the inner width, a token and layer.
_WIDTHS = 14
_INNERS = 5
_FUSED = "decoder/layer_0/self_attention/linear_0/weight"


class Llama:
    """A Llama without scaled rotation; see Family."""

    name = "llama"
    title = "Llama"
    lora_layers: tuple[str, ...] = (
        "q_proj",
        "k_proj",
        "v_proj",
        "o_proj",
        "gate_proj",
        "up_proj",
        "down_proj",
    )

    def build(self, shape: NetworkConfig) -> Any:
        """Return a `LlamaForCausalLM`; see Family."""
        transformers = require("transformers")
        return transformers.LlamaForCausalLM(
            transformers.LlamaConfig(
                vocab_size=shape.vocabulary,
                hidden_size=shape.width,
                num_hidden_layers=shape.layers,
                num_attention_heads=shape.heads,
                num_key_value_heads=shape.key_heads or shape.heads,
                intermediate_size=shape.inner,
                max_position_embeddings=shape.context,
                rope_parameters={"rope_type": "default", "rope_theta": shape.rope_base},
                rms_norm_eps=shape.epsilon,
                tie_word_embeddings=shape.tied,
                use_cache=False,
                initializer_range=0.02,
                bos_token_id=1,
                eos_token_id=2,
                pad_token_id=None,
            )
        )

    def layers(self, network: Any) -> Any:
        """Return the modules of the layers; see Family."""
        return network.model.layers

    def matrices(self, shape: NetworkConfig) -> Matrices:
        """Return those of queries, keys, values, their output, and the three of SwiGLU; see Family."""
        keys = shape.width // shape.heads * (shape.key_heads or shape.heads)
        width, inner = shape.width, shape.inner
        return ((width, width), (keys, width), (keys, width), (width, width), *((inner, width),) * 3)

    def count_weights(self, shape: NetworkConfig) -> int:
        """Return how many weights there are; see Family."""
        embeddings = shape.vocabulary * shape.width * (1 if shape.tied else 2)
        matrices = sum(rows * columns for rows, columns in self.matrices(shape))
        return embeddings + shape.layers * (matrices + 2 * shape.width) + shape.width

    def kept_inside(self, shape: NetworkConfig) -> int:
        """Return what a layer keeps of a token; see Family."""
        return _WIDTHS * shape.width + _INNERS * shape.inner

    def specification(self, network: Any) -> Any:
        """Return the specification by CTranslate2's own loader; see Family."""
        from ctranslate2.converters.transformers import LlamaLoader

        spec = LlamaLoader().get_model_spec(network)
        spec.config.layer_norm_epsilon = network.config.rms_norm_eps
        return spec

    def read_shape(self, weights: StoredWeights, context: int) -> NetworkConfig | None:
        """Return the shape, None for scaled rotation; see Family."""
        if any("rotary_scaling" in name for name in weights.names()):
            return None
        shapes = weights.shapes
        attended = shapes.heads * shapes.head_width
        return NetworkConfig(
            vocabulary=shapes.vocabulary,
            width=shapes.width,
            layers=shapes.layers,
            heads=shapes.heads,
            key_heads=(weights.rows(_FUSED) - attended) // (2 * shapes.head_width),
            inner=shapes.inner_width,
            context=context,
            rope_base=float(weights.array("decoder/layer_0/self_attention/rotary_base")),
            epsilon=weights.epsilon(usual=1e-6),
            tied="decoder/projection/weight" not in weights,
        )

    def arrays(self, weights: StoredWeights, shape: NetworkConfig) -> dict[str, Array]:
        """Return the weights; CTranslate2 holds query, key and value in one; see Family."""
        head_width = shape.width // shape.heads
        query = shape.heads * head_width
        key = query + (shape.key_heads or shape.heads) * head_width
        found = {
            "model.embed_tokens.weight": weights.array("decoder/embeddings/weight"),
            "model.norm.weight": weights.array("decoder/layer_norm/gamma"),
        }
        if not shape.tied:
            found["lm_head.weight"] = weights.array("decoder/projection/weight")
        for layer in range(shape.layers):
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


LLAMA = Llama()
