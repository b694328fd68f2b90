"""What is wrong with the settings of a private training, before any time is spent on it."""

import math
from collections.abc import Iterator

from rust_ai_ide.training.finetuning.config import FinetuneConfig
from rust_ai_ide.training.finetuning.validation import Problem
from rust_ai_ide.training.privacy.config import Privacy
from rust_ai_ide.training.privacy.errors import PrivacyRefused

_MOST_EPSILON = 100.0
_NOISES = (0.1, 100.0)


def check_privacy(privacy: Privacy, config: FinetuneConfig, records: int) -> None:
    """Raise PrivacyRefused with every problem, where there is one."""
    problems = validate_privacy(privacy, config, records)
    if problems:
        raise PrivacyRefused(" ".join(f"{each.field} is {each.value}: {each.remedy}" for each in problems))


def validate_privacy(privacy: Privacy, config: FinetuneConfig, records: int) -> list[Problem]:
    """Return all that keeps this training of so many records from being private; nothing for none."""
    return [*_budget(privacy, records), *_training(config, records)]


def _budget(privacy: Privacy, records: int) -> Iterator[Problem]:
    low, high = _NOISES
    if bool(privacy.epsilon) == bool(privacy.noise):
        yield Problem("epsilon", f"{privacy.epsilon:g}", "Give either an epsilon or a noise multiplier.")
    elif privacy.epsilon and not 0 < privacy.epsilon <= _MOST_EPSILON:
        remedy = f"Choose an epsilon above 0 and at most {_MOST_EPSILON:g}; 1 to 10 is usual, and less is more private."
        yield Problem("epsilon", f"{privacy.epsilon:g}", remedy)
    elif privacy.noise and not low <= privacy.noise <= high:
        yield Problem("noise", f"{privacy.noise:g}", f"Choose a noise multiplier from {low:g} to {high:g}.")
    if privacy.delta and not (math.isfinite(privacy.delta) and 0 < privacy.delta < 1 / records):
        remedy = f"Choose a delta above 0 and below {1 / records:.2g}, one in the {records:,} files."
        yield Problem("delta", f"{privacy.delta:g}", remedy)


def _training(config: FinetuneConfig, records: int) -> Iterator[Problem]:
    if config.method != "lora":
        yield Problem("method", config.method, "Only adapters are trained privately; choose the method lora.")
    if not config.steps:
        remedy = "Give steps: the noise depends on how many there are."
        yield Problem("minutes", f"{config.minutes:g}", remedy)
    if config.precision != "float32":
        yield Problem("precision", config.precision, "Private training computes in 32 bits; choose float32.")
    if config.gradient_checkpointing:
        remedy = (
            "Gradients of single files are not computed with it; choose a smaller model or shorter windows."
        )
        yield Problem("gradient_checkpointing", "on", remedy)
    if config.batch > records:
        remedy = f"There are {records:,} files to learn from; choose no more windows a step."
        yield Problem("batch", str(config.batch), remedy)
