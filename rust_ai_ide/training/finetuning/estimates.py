"""What a fine-tuning will need: bytes from the shape of the network, seconds from one measured pass."""

import time
from dataclasses import asdict, dataclass
from typing import Any

from rust_ai_ide.training.devices import device_of, wait_for
from rust_ai_ide.training.extra import require
from rust_ai_ide.training.families.known import family_of
from rust_ai_ide.training.finetuning.config import FinetuneConfig
from rust_ai_ide.training.losses import summed_loss
from rust_ai_ide.training.network import NetworkConfig

LIBRARIES = 640 * 1024 * 1024
"""What Python, PyTorch, Transformers and PEFT take themselves, and what the allocator does not give back."""
_FLOAT = 4
_MOMENTS = 2
# The scores, those in 32 bits, their softmax and the gradient.
_SCORES = 4


@dataclass(frozen=True)
class MemoryEstimate:
    """Bytes by purpose while a network is trained in 32 bits with AdamW."""

    weights: int
    gradients: int
    optimiser: int
    activations: int
    libraries: int = LIBRARIES

    @property
    def total(self) -> int:
        """Return the sum."""
        return sum(asdict(self).values())


def count_weights(shape: NetworkConfig) -> int:
    """Return how many weights a network of this shape has; tied ones count once."""
    return family_of(shape).count_weights(shape)


def count_trained(config: FinetuneConfig, shape: NetworkConfig) -> int:
    """Return how many weights are moved: all, or those of the adapter."""
    if config.method == "full":
        return count_weights(shape)
    matrices = family_of(shape).matrices(shape)
    return shape.layers * sum(config.rank * (rows + columns) for rows, columns in matrices)


def estimate_memory(config: FinetuneConfig, shape: NetworkConfig) -> MemoryEstimate:
    """Return the memory of a training, at its highest.

    With `bfloat16` autocast keeps a copy of the weights in 16 bits for a step. Gradient checkpointing keeps what goes
    into each layer, and what is inside for one layer at a time.
    """
    weights, trained = count_weights(shape), count_trained(config, shape)
    halves = config.precision == "bfloat16"
    inside = family_of(shape).kept_inside(shape)
    if config.method == "lora":
        inside += len(family_of(shape).matrices(shape)) * (config.rank + shape.width)
    layers = shape.width * shape.layers + inside if config.gradient_checkpointing else inside * shape.layers
    per_token = layers * (2 if halves else _FLOAT) + _SCORES * shape.vocabulary * _FLOAT
    return MemoryEstimate(
        weights=weights * (_FLOAT + (2 if halves else 0)),
        gradients=trained * _FLOAT,
        optimiser=trained * _FLOAT * _MOMENTS,
        activations=config.micro * config.length * per_token,
    )


def probe_step_seconds(network: Any, config: FinetuneConfig, vocabulary: int) -> float:
    """Return how many seconds a step will take, from one pass forth and back of `micro` windows after a first one."""
    torch = require("torch")
    device = device_of(network)
    inputs = torch.arange(config.micro * config.length, device=device).remainder(vocabulary)
    inputs = inputs.view(config.micro, config.length)
    network.train()
    seconds = 0.0
    # The first pass finds memory and chooses kernels.
    for _ in range(2):
        begin = time.perf_counter()
        summed_loss(network, inputs, inputs, use_bfloat16=config.precision == "bfloat16").backward()
        wait_for(device)
        seconds = time.perf_counter() - begin
    network.zero_grad(set_to_none=True)
    return seconds * -(-config.batch // config.micro)
