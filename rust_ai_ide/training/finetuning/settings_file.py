"""Settings of a fine-tuning in a file, as a search leaves its best ones."""

import json
from dataclasses import replace
from pathlib import Path

from rust_ai_ide.training.finetuning.config import FinetuneConfig
from rust_ai_ide.training.finetuning.errors import FinetuningRefused

_KINDS = {int: "whole number", float: "number", str: "word", bool: "truth value"}


def with_settings(config: FinetuneConfig, file: Path) -> FinetuneConfig:
    """Return the settings with those of a file of JSON in their place. Raises FinetuningRefused.

    Of the values only the kind is looked at: `validate_training_config` does the rest.
    """
    try:
        values = json.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise FinetuningRefused(f"{file} cannot be read: {error.strerror}.") from error
    except (ValueError, RecursionError) as error:
        raise FinetuningRefused(f"{file} is no JSON; give the best.json of a search.") from error
    if not isinstance(values, dict):
        raise FinetuningRefused(f"{file} holds no settings; give the best.json of a search.")
    if unknown := sorted(values.keys() - vars(config).keys()):
        raise FinetuningRefused(
            f"{unknown[0][:40]} in {file} is no setting; choose among {', '.join(vars(config))}."
        )
    for name, value in values.items():
        usual = getattr(config, name)
        kinds = (int, float) if type(usual) is float else (type(usual),)
        if type(value) not in kinds:
            raise FinetuningRefused(
                f"{name} in {file} is {str(value)[:40]}: Give a {_KINDS[type(usual)]} such as {usual}."
            )
    return replace(config, **values)
