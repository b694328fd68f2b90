"""LoRA adapters of PEFT: looked at before anything is loaded, then merged into their base in 32 bits.

Hu et al., "LoRA" (2021). CTranslate2 has no adapters, so a merged model becomes a version of its own. PEFT goes on with
a warning where an adapter does not fit, and has been known to change tied heads, so a merge must prove itself: what
the adapter does not name stays the same to the bit, and the merged network answers as the base with the adapter does.
"""

import hashlib
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rust_ai_ide.training.conversion.errors import ConversionFailed
from rust_ai_ide.training.conversion.inspecting import check_safetensors, read_header, read_json
from rust_ai_ide.training.extra import require

CONFIG = "adapter_config.json"
WEIGHTS = "adapter_model.safetensors"
MOST_RANK = 1024
TOLERANCE = 1e-4
"""How far a score may be from the adapter's, relative to the greatest, or to 1 where that is smaller."""
TEXT = (
    "pub fn add(left: &str, right: u64) -> Option<u64> {\n    left.parse().ok().map(|n: u64| n + right)\n}\n"
)
_PREFIX = "base_model.model."
# What PEFT can do besides, and what a plain sum of weights does not stand for.
_OTHER_WAYS = (
    "trainable_token_indices",
    "layer_replication",
    "megatron_config",
    "modules_to_save",
    "target_parameters",
)


def inspect_adapter(folder: Path, sizes: Mapping[str, int]) -> None:
    """Check the files of an adapter for a base of these sizes, without loading it. Raises ConversionFailed."""
    if not folder.is_dir():
        raise ConversionFailed(f"{folder.name} is no folder; give the folder of a LoRA adapter.")
    if not (folder / WEIGHTS).is_file():
        if list(folder.glob("adapter_model.bin")):
            raise ConversionFailed(
                "The adapter is pickled, and a pickle can run any program, so it is not opened; "
                f"save it with PEFT's safe_serialization=True, which writes {WEIGHTS}."
            )
        raise ConversionFailed(f"The adapter has no {WEIGHTS}.")
    config = read_json(folder / CONFIG)
    if config.get("peft_type") != "LORA":
        raise ConversionFailed(
            f"Adapters of the kind {str(config.get('peft_type'))[:40]!r} cannot be merged, only LORA."
        )
    for name in _OTHER_WAYS:
        if config.get(name):
            raise ConversionFailed(f"The adapter uses {name}, which cannot be merged here; train it without.")
    if config.get("bias", "none") != "none":
        raise ConversionFailed(
            'The adapter has biases, which cannot be merged here; train it with bias="none".'
        )
    _check_ranks(config, sizes["width"])
    check_safetensors(folder / WEIGHTS)


def _check_ranks(config: Mapping[str, Any], width: int) -> None:
    pattern = config.get("rank_pattern") or {}
    ranks = [config.get("r"), *(pattern.values() if isinstance(pattern, dict) else [pattern])]
    most = min(MOST_RANK, width)
    for rank in ranks:
        if type(rank) is not int or not 1 <= rank <= most:
            raise ConversionFailed(
                f"The adapter has {str(rank)[:40]} as rank, where a number from 1 to {most:,} belongs to this base."
            )
    alpha = config.get("lora_alpha")
    if isinstance(alpha, bool) or not isinstance(alpha, int | float) or not math.isfinite(alpha):
        raise ConversionFailed(f"The adapter has {str(alpha)[:40]} as lora_alpha, where a number belongs.")


def merge_adapter(network: Any, folder: Path, tokens: list[int]) -> Any:
    """Return the network with the adapter's weights added; the network itself is used up.

    `tokens` is a text on which base with adapter and merged network are compared. Raises ConversionFailed where the
    adapter does not fit, has no effect, or the merge cannot be relied on.
    """
    before = _digests(network)
    tied = _is_tied(network)
    adapted = _adapted(network, folder)
    touched = {f"{name}.weight" for name in _layers(adapted)}
    if tied and touched & _ends(network):
        raise ConversionFailed(
            "The adapter changes the embeddings, which this base shares with its head, so the merged model would "
            "answer otherwise; train it without them."
        )
    wanted = _scores(adapted, tokens)
    merged = adapted.merge_and_unload(safe_merge=False).eval()
    after = _digests(merged)
    if _is_tied(merged) != tied or {n: d for n, d in before.items() if n not in touched} != {
        n: d for n, d in after.items() if n not in touched
    }:
        raise ConversionFailed("Merging changed weights that the adapter does not name, so it was given up.")
    if all(after[name] == before[name] for name in touched):
        raise ConversionFailed("The adapter has no effect: all that it adds is zero.")
    given = _scores(merged, tokens)
    far = float((given - wanted).abs().max())
    if not far <= TOLERANCE * max(1.0, float(wanted.abs().max())):
        raise ConversionFailed(
            f"The merged model does not answer as the adapter does (a score is off by {far:.2g}), so it was given up."
        )
    return merged


def _adapted(network: Any, folder: Path) -> Any:
    peft = require("peft")
    try:
        config = peft.LoraConfig.from_pretrained(str(folder))
        config.inference_mode = True
        adapted = peft.PeftModel.from_pretrained(
            network, str(folder), config=config, torch_device="cpu", autocast_adapter_dtype=False
        )
    except MemoryError:
        raise
    except Exception as error:  # the library raises whatever its parts raise
        raise ConversionFailed(f"The adapter does not fit this base: {_told(error)}") from error
    # PEFT loads what fits and only warns of the rest.
    wanted = {name: tuple(value.shape) for name, value in peft.get_peft_model_state_dict(adapted).items()}
    given = {name: tuple(part["shape"]) for name, part in read_header(folder / WEIGHTS).items()}
    if other := sorted(set(wanted) ^ set(given)) or [name for name in wanted if wanted[name] != given[name]]:
        where = "lacks" if other[0] in wanted else "brings along"
        raise ConversionFailed(
            f"The adapter does not fit this base: it {where} {other[0].removeprefix(_PREFIX)[:120]}."
        )
    return adapted.float().eval()


def _layers(adapted: Any) -> list[str]:
    layer = require("peft.tuners.lora").LoraLayer
    return [
        name.removeprefix(_PREFIX) for name, module in adapted.named_modules() if isinstance(module, layer)
    ]


def _is_tied(network: Any) -> bool:
    head = network.get_output_embeddings()
    return head is not None and head.weight.data_ptr() == network.get_input_embeddings().weight.data_ptr()


def _ends(network: Any) -> set[str]:
    """Return the names of the weights of the embeddings and of the head, the adapter's layers left out of them."""
    ends = {id(network.get_input_embeddings()), id(network.get_output_embeddings())}
    return {f"{name}.weight" for name, module in network.named_modules() if id(module) in ends}


def _digests(network: Any) -> dict[str, bytes]:
    """Return a hash of every weight, which takes less memory than a copy."""
    return {
        name: hashlib.blake2b(value.detach().contiguous().numpy().tobytes(), digest_size=16).digest()
        for name, value in network.state_dict().items()
    }


def _scores(network: Any, tokens: list[int]) -> Any:
    torch = require("torch")
    with torch.inference_mode():
        return network(input_ids=torch.tensor([tokens])).logits


def _told(error: Exception) -> str:
    text = " ".join(str(error).split())[:200] or type(error).__name__
    return text if text.endswith(".") else f"{text}."
