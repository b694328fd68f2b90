"""The loss of a network on windows of tokens."""

from typing import Any

from rust_ai_ide.training.extra import require
from rust_ai_ide.training.samples import IGNORED


def summed_loss(network: Any, inputs: Any, targets: Any, *, use_bfloat16: bool) -> Any:
    """Return the loss in nats, summed over the targets that count; both tensors have the shape (rows, length)."""
    torch = require("torch")
    with torch.autocast(inputs.device.type, torch.bfloat16, enabled=use_bfloat16):
        scores = network(input_ids=inputs).logits
        return torch.nn.functional.cross_entropy(
            scores.float().flatten(0, 1), targets.flatten(), ignore_index=IGNORED, reduction="sum"
        )
