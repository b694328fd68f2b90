"""The network of a small code model, in a family that CTranslate2 converts."""

from typing import Any

from rust_ai_ide.training.devices import device_of
from rust_ai_ide.training.extra import require
from rust_ai_ide.training.families.known import family_of
from rust_ai_ide.training.shape import NetworkConfig

__all__ = ["NetworkConfig", "build", "greedy", "parameters"]


def build(config: NetworkConfig, seed: int = 0) -> Any:
    """Return a network with random weights, the same for the same seed. Raises TrainingNotInstalled."""
    require("torch").manual_seed(seed)
    return family_of(config).build(config)


def parameters(network: Any) -> int:
    """Return how many weights a network has; tied ones count once."""
    return sum(weight.numel() for weight in network.parameters())


def greedy(network: Any, tokens: list[int], most: int, ends: frozenset[int]) -> list[int]:
    """Return up to `most` tokens that follow, always the likeliest, until one of `ends`, which is left out."""
    torch = require("torch")
    found: list[int] = []
    device = device_of(network)
    with torch.inference_mode():
        while len(found) < most:
            read = torch.tensor([[*tokens, *found]], device=device)
            scores = network(input_ids=read).logits[0, -1]
            token = int(scores.argmax())
            if token in ends:
                break
            found.append(token)
    return found
