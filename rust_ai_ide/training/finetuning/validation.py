"""What is wrong with the settings of a fine-tuning, before any time is spent on it."""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from rust_ai_ide.runtime.hardware import Machine
from rust_ai_ide.training.conversion.adapters import MOST_RANK
from rust_ai_ide.training.devices import DEVICES
from rust_ai_ide.training.finetuning.base import Base
from rust_ai_ide.training.finetuning.config import METHODS, PRECISIONS, FinetuneConfig
from rust_ai_ide.training.finetuning.estimates import estimate_memory

_SHORTEST = 64
_USUAL = FinetuneConfig()
_MOST_STEPS = 10_000_000
_MOST_MINUTES = 100_000.0
_MEGABYTE = 1024 * 1024


@dataclass(frozen=True)
class Problem:
    """A setting that cannot be: its field, its value, and a sentence that says what to do about it."""

    field: str
    value: str
    remedy: str


_Number = int | float
_RANGES: tuple[tuple[str, Callable[[_Number], bool], str], ...] = (
    ("rate", lambda n: 1e-7 <= n <= 0.01, "Choose a learning rate from 0.0000001 to 0.01; 0.0003 is usual."),
    ("steps", lambda n: 0 <= n <= _MOST_STEPS, "Choose from 1 to 10,000,000 steps, or minutes instead."),
    ("minutes", lambda n: 0 <= n <= _MOST_MINUTES, "Choose from 0 to 100,000 minutes."),
    ("batch", lambda n: 1 <= n <= 4096, "Learn from 1 to 4,096 windows a step."),
    ("micro", lambda n: n >= 1, "At least 1 window must go through the network at once."),
    ("warm_up", lambda n: n >= 1, "Warm up for at least 1 step."),
    ("decay", lambda n: 0 <= n < 1, "Let the rate fall over a share of the steps from 0 to below 1."),
    ("weight_decay", lambda n: 0 <= n <= 1, "Choose a weight decay from 0 to 1; 0.01 is usual."),
    ("clip", lambda n: n > 0, "Clip gradients at a length above 0; 1 is usual."),
    ("infill", lambda n: 0 <= n <= 1, "Choose a share of samples for infilling from 0 to 1."),
    (
        "check_every",
        lambda n: n >= 1,
        "Take the loss on the files that were kept back every 1 or more steps.",
    ),
    (
        "patience",
        lambda n: n >= 0,
        "Choose how many checks without a better loss end the training; 0 is never.",
    ),
    ("save_every", lambda n: n >= 0, "Save a checkpoint every so many seconds, 0 or more."),
    ("seed", lambda n: n >= 0, "Choose a whole number of at least 0 as the seed."),
)


def validate_training_config(config: FinetuneConfig, base: Base, machine: Machine) -> list[Problem]:
    """Return all that keeps these settings from working with this base on this machine; nothing for none."""
    found = [
        Problem(name, _shown(value), remedy)
        for name, is_good, remedy in _RANGES
        if not _fits(name, value := getattr(config, name)) or not is_good(value)
    ]
    found += _choices(config)
    found += _device(config, machine)
    found += _shape(config, base, machine)
    # Only what is well in itself can be compared with the rest.
    found = found or list(_together(config))
    return found or list(_memory(config, base, machine))


def _choices(config: FinetuneConfig) -> Iterator[Problem]:
    if config.method not in METHODS:
        yield Problem("method", _shown(config.method), f"Choose one of the methods {' and '.join(METHODS)}.")
    if config.precision == "float16":
        yield Problem(
            "precision", "float16", "Processors do not train in float16; choose bfloat16 or float32."
        )
    elif config.precision not in PRECISIONS:
        yield Problem("precision", _shown(config.precision), "Choose one of bfloat16 and float32.")


def _device(config: FinetuneConfig, machine: Machine) -> Iterator[Problem]:
    if config.device not in DEVICES:
        yield Problem("device", _shown(config.device), f"Choose one of the devices {', '.join(DEVICES)}.")
    elif config.device == "cuda" and not machine.gpus:
        yield Problem("device", "cuda", "There is no graphics card to compute on here; choose auto or cpu.")


def _shape(config: FinetuneConfig, base: Base, machine: Machine) -> Iterator[Problem]:
    most = min(MOST_RANK, base.shape.width)
    if config.method == "lora" and not (_fits("rank", config.rank) and 1 <= config.rank <= most):
        yield Problem(
            "rank", _shown(config.rank), f"Choose a rank from 1 to {most:,}, the width of this model."
        )
    if config.method == "lora" and not (_is_number(config.alpha) and config.alpha > 0):
        yield Problem("alpha", _shown(config.alpha), "Choose an alpha above 0; twice the rank is usual.")
    if not (_fits("length", config.length) and _SHORTEST <= config.length <= base.shape.context):
        yield Problem(
            "length",
            _shown(config.length),
            f"Choose windows of {_SHORTEST} to {base.shape.context:,} tokens, what {base.manifest.id} can see.",
        )
    if not (_fits("threads", config.threads) and 0 <= config.threads <= machine.logical_cores):
        yield Problem(
            "threads", _shown(config.threads), f"Choose 1 to {machine.logical_cores} threads, or 0 for all."
        )
    if _is_number(config.infill) and config.infill > 0 and not base.order:
        yield Problem(
            "infill",
            _shown(config.infill),
            f"{base.manifest.id} was not trained with our tokens for infilling; choose 0, "
            "which is the preset continuation.",
        )


def _together(config: FinetuneConfig) -> Iterator[Problem]:
    if not config.steps and not config.minutes:
        yield Problem("steps", "0", "Say how long to train, in steps or in minutes.")
    if config.steps and config.minutes:
        yield Problem("minutes", _shown(config.minutes), "Give either steps or minutes, not both.")
    if config.steps and config.warm_up > config.steps:
        yield Problem(
            "warm_up", _shown(config.warm_up), f"Warm up for fewer than the {config.steps:,} steps."
        )
    if config.micro > config.batch:
        yield Problem(
            "micro", _shown(config.micro), f"A step has {config.batch} windows; choose no more at once."
        )


def _memory(config: FinetuneConfig, base: Base, machine: Machine) -> Iterator[Problem]:
    need, free = estimate_memory(config, base.shape).total, machine.memory_available
    if need <= free:
        return
    ways = (
        ("one window at once", replace(config, micro=1)),
        ("gradient checkpointing", replace(config, gradient_checkpointing=True)),
        (
            "one window at once with gradient checkpointing",
            replace(config, micro=1, gradient_checkpointing=True),
        ),
        (
            "LoRA, one window at once and gradient checkpointing",
            replace(config, method="lora", micro=1, gradient_checkpointing=True),
        ),
    )
    way = next((name for name, tried in ways if estimate_memory(tried, base.shape).total <= free), "")
    remedy = f"{way} would fit" if way else "choose a smaller model or shorter windows, or free memory"
    yield Problem(
        "micro",
        _shown(config.micro),
        f"The training needs about {need / _MEGABYTE:,.0f} MB and {free / _MEGABYTE:,.0f} MB are free: {remedy}.",
    )


def _fits(name: str, value: object) -> bool:
    """Return whether a value is a number, and a whole one where the field wants that."""
    return _is_number(value) and (type(value) is int or not isinstance(getattr(_USUAL, name), int))


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _shown(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)[:40]
