"""The network of a base made ready for training, and what comes of it: one plain network again."""

import shutil
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from rust_ai_ide.training.conversion.adapters import TEXT, merge_adapter
from rust_ai_ide.training.export import TOKENISER
from rust_ai_ide.training.extra import require
from rust_ai_ide.training.families.known import family_of
from rust_ai_ide.training.finetuning.base import Base
from rust_ai_ide.training.finetuning.config import FinetuneConfig
from rust_ai_ide.training.finetuning.errors import NothingLearnt
from rust_ai_ide.training.tokeniser import CodeTokeniser
from rust_ai_ide.training.twin import twin

ADAPTER = "adapter"


def trainable(base: Base, config: FinetuneConfig) -> Any:
    """Return the base's network with all weights to be trained, or with a LoRA adapter around frozen ones.

    An adapter's weights depend on the seed alone; it has no dropout, so that a resumed training repeats itself.
    """
    network = twin(base.folder)
    if config.gradient_checkpointing:
        network.activation_checkpointing_enable({"use_reentrant": False})
    if config.method == "full":
        return network
    peft = require("peft")
    require("torch").manual_seed(config.seed)
    chosen = peft.LoraConfig(
        task_type="CAUSAL_LM",
        r=config.rank,
        lora_alpha=config.alpha,
        lora_dropout=0.0,
        target_modules=list(family_of(base.shape).lora_layers),
    )
    with _calm():
        return peft.get_peft_model(network, chosen)


def optimisers(network: Any, config: FinetuneConfig) -> list[Any]:
    """Return AdamW over the weights that are trained; those of norms do not decay."""
    trained = [weight for weight in network.parameters() if weight.requires_grad]
    groups = [
        {"params": [weight for weight in trained if weight.ndim >= 2], "weight_decay": config.weight_decay},
        {"params": [weight for weight in trained if weight.ndim < 2], "weight_decay": 0.0},
    ]
    return [
        require("torch").optim.AdamW(
            [group for group in groups if group["params"]], lr=config.rate, betas=(0.9, 0.95)
        )
    ]


def finished(network: Any, base: Base, config: FinetuneConfig, folder: Path) -> Any:
    """Return the trained network, on the processor, with an adapter merged in 32 bits and kept in `folder/adapter`.

    Raises NothingLearnt where it answers as its base does, ConversionFailed where the merge cannot be relied on.
    """
    network = network.cpu()
    tokeniser = CodeTokeniser(base.folder / TOKENISER)
    tokens = [tokeniser.begin, *tokeniser.encode(TEXT)]
    if config.method == "lora":
        place = folder / ADAPTER
        shutil.rmtree(place, ignore_errors=True)
        with _calm():
            network.save_pretrained(place, save_embedding_layers=False)
            network = merge_adapter(twin(base.folder), place, tokens)
    else:
        network.eval()
    _check_difference(network, twin(base.folder), tokens, base)
    return network


@contextmanager
def _calm() -> Iterator[None]:
    """Keep from the user what PEFT and Transformers tell each other's developers."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def _check_difference(network: Any, before: Any, tokens: list[int], base: Base) -> None:
    torch = require("torch")
    first = before.state_dict()
    moved = any(not torch.equal(value, first[name]) for name, value in network.state_dict().items())
    inputs = torch.tensor([tokens])
    with torch.inference_mode():
        differs = not torch.equal(network(input_ids=inputs).logits, before(input_ids=inputs).logits)
    if not moved or not differs:
        raise NothingLearnt(f"The trained network answers as {base.manifest.id} does, so it is not kept.")
