"""The weights of a network that training moves, without those that stay as they are."""

from collections.abc import Mapping
from typing import Any


def trained_weights(network: Any) -> dict[str, Any]:
    """Return the weights that a checkpoint must hold, by name."""
    frozen = _frozen(network)
    return {name: value for name, value in network.state_dict().items() if name not in frozen}


def load_weights(network: Any, weights: Mapping[str, Any]) -> None:
    """Put weights back that `trained_weights` returned. Raises RuntimeError where they are others."""
    missing, unknown = network.load_state_dict(weights, strict=False)
    if unknown or set(missing) - _frozen(network):
        raise RuntimeError("these are the weights of another network")


def _frozen(network: Any) -> set[str]:
    moved = {name for name, value in network.state_dict(keep_vars=True).items() if value.requires_grad}
    return set(network.state_dict()) - moved
