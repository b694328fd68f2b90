"""The network of a small code model: a Llama with tied embeddings, as CTranslate2 converts it."""

from dataclasses import dataclass
from typing import Any

from rust_ai_ide.training.extra import require


@dataclass(frozen=True)
class NetworkConfig:
    """Touvron et al., "LLaMA" (2023): RMSNorm, SwiGLU of `inner` units, RoPE up to `context` positions.

    `key_heads` are the heads of keys and values that the query heads share, 0 for as many as those.
    """

    vocabulary: int = 8192
    width: int = 256
    layers: int = 6
    heads: int = 4
    inner: int = 704
    context: int = 1024
    rope_base: float = 10_000.0
    key_heads: int = 0
    epsilon: float = 1e-6
    tied: bool = True


def build(config: NetworkConfig, seed: int = 0) -> Any:
    """Return a `LlamaForCausalLM` with random weights, the same for the same seed. Raises TrainingNotInstalled."""
    torch, transformers = require("torch"), require("transformers")
    torch.manual_seed(seed)
    return transformers.LlamaForCausalLM(
        transformers.LlamaConfig(
            vocab_size=config.vocabulary,
            hidden_size=config.width,
            num_hidden_layers=config.layers,
            num_attention_heads=config.heads,
            num_key_value_heads=config.key_heads or config.heads,
            intermediate_size=config.inner,
            max_position_embeddings=config.context,
            rope_parameters={"rope_type": "default", "rope_theta": config.rope_base},
            rms_norm_eps=config.epsilon,
            tie_word_embeddings=config.tied,
            use_cache=False,
            initializer_range=0.02,
            bos_token_id=1,
            eos_token_id=2,
            pad_token_id=None,
        )
    )


def parameters(network: Any) -> int:
    """Return how many weights a network has; tied ones count once."""
    return sum(weight.numel() for weight in network.parameters())


def greedy(network: Any, tokens: list[int], most: int, ends: frozenset[int]) -> list[int]:
    """Return up to `most` tokens that follow, always the likeliest, until one of `ends`, which is left out."""
    torch = require("torch")
    found: list[int] = []
    with torch.inference_mode():
        while len(found) < most:
            scores = network(input_ids=torch.tensor([[*tokens, *found]])).logits[0, -1]
            token = int(scores.argmax())
            if token in ends:
                break
            found.append(token)
    return found
