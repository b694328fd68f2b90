"""How weights are moved: Muon for the matrices inside, AdamW for the rest, on one warm-up, hold and decay schedule.

Jordan et al., "Muon" (2024), with the scale of Liu et al., "Muon is scalable for LLM training" (2025); Loshchilov and
Hutter, "Decoupled weight decay regularization" (2019); Hu et al., "MiniCPM" (2024) for the schedule.
"""

from dataclasses import dataclass
from typing import Any

from rust_ai_ide.training.extra import require
from rust_ai_ide.training.families.known import family_of_network


@dataclass(frozen=True)
class OptimiserConfig:
    """`rate` is the highest learning rate; `decay` the last share of the steps, in which it falls to nearly nothing."""

    rate: float = 3e-3
    weight_decay: float = 0.05
    clip: float = 1.0
    warm_up: int = 40
    decay: float = 0.3
    least: float = 0.02


def make_optimisers(network: Any, config: OptimiserConfig) -> list[Any]:
    """Return the optimisers, which together hold every weight once."""
    torch = require("torch")
    layers = family_of_network(network).layers(network)
    inside = [weight for weight in layers.parameters() if weight.ndim == 2]
    known = {id(weight) for weight in inside}
    others = [weight for weight in network.parameters() if id(weight) not in known]
    matrices = [weight for weight in others if weight.ndim == 2]
    vectors = [weight for weight in others if weight.ndim < 2]
    return [
        torch.optim.Muon(
            inside, lr=config.rate, weight_decay=config.weight_decay, adjust_lr_fn="match_rms_adamw"
        ),
        torch.optim.AdamW(
            [
                {"params": matrices, "weight_decay": config.weight_decay},
                {"params": vectors, "weight_decay": 0.0},
            ],
            lr=config.rate,
            betas=(0.9, 0.95),
        ),
    ]


def rate_at(step: int, total: int, config: OptimiserConfig) -> float:
    """Return the learning rate of a step: linear warm-up, constant, then linear decay; `total` 0 is not known yet."""
    warm = min(1.0, (step + 1) / config.warm_up)
    if not total:
        return config.rate * warm
    falling = max(1.0, total * config.decay)
    left = min(1.0, max(0.0, (total - step) / falling))
    return config.rate * warm * (config.least + (1 - config.least) * left)
