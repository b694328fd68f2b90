"""The settings of a fine-tuning."""

import json
from dataclasses import asdict, dataclass

from rust_ai_ide.training.network import NetworkConfig
from rust_ai_ide.training.optimisers import OptimiserConfig
from rust_ai_ide.training.pretraining import PretrainingConfig

METHODS = ("lora", "full")
PRECISIONS = ("float32", "bfloat16", "float16")


@dataclass(frozen=True)
class FinetuneConfig:
    """What is trained, how long and how.

    A step learns from `batch` windows of `length` tokens, of which `micro` go through the network at once. It trains
    for `steps` steps or, where 0, for `minutes`. `rate` is the highest learning rate, reached after `warm_up` steps;
    over the last share of the steps, `decay`, it falls. Every `check_every` steps the loss on the files that were
    kept back is taken; after `patience` of those in a row without a lower one the training ends, never where 0.
    `infill` is the share of samples with a middle. `rank` and `alpha` are those of LoRA (Hu et al., 2021).
    """

    method: str = "full"
    steps: int = 0
    minutes: float = 0.0
    rate: float = 3e-4
    batch: int = 16
    micro: int = 4
    length: int = 512
    warm_up: int = 20
    decay: float = 0.3
    weight_decay: float = 0.01
    clip: float = 1.0
    rank: int = 16
    alpha: float = 32.0
    precision: str = "float32"
    gradient_checkpointing: bool = False
    check_every: int = 25
    patience: int = 4
    infill: float = 0.55
    seed: int = 0
    threads: int = 0
    save_every: float = 120.0
    device: str = "auto"


@dataclass(frozen=True)
class LoopConfig(PretrainingConfig):
    """The settings of the loop; `identity` says what else a checkpoint must agree with."""

    identity: str = ""

    @property
    def settings(self) -> str:
        """What a checkpoint must agree with; what the machine decides and how long to train may change."""
        values = json.loads(super().settings)
        del values["micro"], values["optimiser"]["warm_up"]
        return json.dumps(values, sort_keys=True)


def loop_config(config: FinetuneConfig, shape: NetworkConfig, identity: str) -> LoopConfig:
    """Return what the loop is told. `identity` names base and dataset."""
    free = {
        "steps",
        "minutes",
        "warm_up",
        "micro",
        "gradient_checkpointing",
        "threads",
        "save_every",
        "device",
    }
    chosen = {name: value for name, value in asdict(config).items() if name not in free}
    return LoopConfig(
        network=shape,
        optimiser=OptimiserConfig(
            rate=config.rate,
            weight_decay=config.weight_decay,
            clip=config.clip,
            warm_up=config.warm_up,
            decay=config.decay,
        ),
        steps=config.steps,
        seconds=config.minutes * 60,
        tokens=config.batch * config.length,
        micro=config.micro * config.length,
        length=config.length,
        long_every=0,
        use_bfloat16=config.precision == "bfloat16",
        seed=config.seed,
        save_every=config.save_every,
        threads=config.threads,
        device=config.device,
        identity=f"{identity} {json.dumps(chosen, sort_keys=True)}",
    )
