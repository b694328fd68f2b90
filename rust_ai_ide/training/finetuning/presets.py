"""Settings to start from, by what the model is to do, how large it is and what the machine has."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from rust_ai_ide.runtime.hardware import Machine
from rust_ai_ide.training.finetuning.config import FinetuneConfig
from rust_ai_ide.training.finetuning.errors import FinetuningRefused
from rust_ai_ide.training.finetuning.estimates import count_weights, estimate_memory
from rust_ai_ide.training.network import NetworkConfig

TASKS = {"completion": 0.55, "infilling": 0.9, "continuation": 0.0}
"""What the model is to do, and the share of samples with a middle for that."""
SIZES = {"small": 100_000_000, "medium": 1_000_000_000, "large": 10**12}
"""Sizes by the most weights they have."""
SHARE_OF_MEMORY = 0.7
_STEPS = 200
_LONGEST = 512
_HALVES = {"amx_bf16", "avx512_bf16"}
_BY_SIZE = {
    "small": FinetuneConfig(method="full", rate=3e-4, rank=8, alpha=16.0),
    "medium": FinetuneConfig(method="lora", rate=5e-4, rank=16, alpha=32.0, gradient_checkpointing=True),
    "large": FinetuneConfig(method="lora", rate=2e-4, rank=16, alpha=32.0, gradient_checkpointing=True),
}
LORA_RATE = 1e-3
"""The rate for the adapter of a small model: an adapter starts at nothing and takes larger steps than weights."""


def size_of(model: NetworkConfig) -> str:
    """Return the size of a model of this shape: "small", "medium" or "large"."""
    weights = count_weights(model)
    return next(size for size, most in SIZES.items() if weights <= most)


def get_config_preset(task: str, model: NetworkConfig, size: str, hardware: Machine) -> FinetuneConfig:
    """Return settings for 200 steps of a model of this shape, as many windows at once as fit. Raises FinetuningRefused.

    `size` decides method, rate and rank; where memory is short, gradient checkpointing is switched on.
    """
    if task not in TASKS:
        raise FinetuningRefused(f"There is no preset {task[:40]!r}; choose {', '.join(TASKS)}.")
    if size not in SIZES:
        raise FinetuningRefused(f"There is no size {size[:40]!r}; choose {', '.join(SIZES)}.")
    has_halves = _HALVES & set(hardware.features) or "bfloat16" in hardware.gpu_compute_types
    chosen = replace(
        _BY_SIZE[size],
        steps=_STEPS,
        length=min(_LONGEST, model.context),
        infill=TASKS[task],
        precision="bfloat16" if has_halves else "float32",
        threads=hardware.most_threads,
    )
    return fitted(chosen, model, hardware.memory_available)


def fitted(config: FinetuneConfig, model: NetworkConfig, free: int) -> FinetuneConfig:
    """Return the settings with as many windows at once as fit into a share of the free memory, at least one."""
    for checkpointing in (config.gradient_checkpointing, True):
        for micro in (8, 4, 2, 1):
            tried = replace(config, micro=min(micro, config.batch), gradient_checkpointing=checkpointing)
            if estimate_memory(tried, model).total <= SHARE_OF_MEMORY * free:
                return tried
    return replace(config, micro=1, gradient_checkpointing=True)


def configured(
    task: str, model: NetworkConfig, hardware: Machine, given: Mapping[str, Any]
) -> FinetuneConfig:
    """Return the preset's settings for a model, with those of `given` in their place; None is not given.

    What goes together is kept together: the rate goes with the method, minutes go before steps, alpha is twice the
    rank, the warm-up takes at most a fifth of the steps. Raises FinetuningRefused.
    """
    chosen = {name: value for name, value in given.items() if value is not None}
    config = get_config_preset(task, model, size_of(model), hardware)
    config = with_method(config, chosen.get("method", config.method))
    if "minutes" in chosen:
        config = replace(config, steps=0)
    if "rank" in chosen:
        chosen = {"alpha": 2.0 * chosen["rank"], **chosen}
    config = replace(config, **chosen)
    if config.steps:
        config = replace(config, warm_up=min(config.warm_up, max(1, config.steps // 5)))
    return fitted(config, model, hardware.memory_available)


def with_method(config: FinetuneConfig, method: str) -> FinetuneConfig:
    """Return the settings with another method, and the rate that goes with it."""
    if method == config.method:
        return config
    small = _BY_SIZE["small"].rate
    return replace(config, method=method, rate=LORA_RATE if method == "lora" else min(config.rate, small))
