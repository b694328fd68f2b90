"""`rust-ai-ide train finetune`: the options. What they do is in `rust_ai_ide.training.finetuning`."""

import argparse
import math
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rust_ai_ide.cli.numbers import whole
from rust_ai_ide.cli.tables import write, write_json, write_table

if TYPE_CHECKING:
    from rust_ai_ide.training.finetuning.base import Base
    from rust_ai_ide.training.finetuning.config import FinetuneConfig
    from rust_ai_ide.training.privacy.config import Privacy


def add_places(kind: argparse.ArgumentParser) -> None:
    """Declare what is trained on what, and where, as a search of settings has it, too."""
    kind.add_argument("--base", required=True, metavar="MODEL", help="the model to start from")
    kind.add_argument("--dataset", required=True, metavar="DIR", help="the dataset to learn from")
    kind.add_argument("--into", required=True, metavar="DIR", help="work here; run again to go on")


def add_kind(kinds: Any) -> None:
    """Declare the subcommand and its options."""
    summary = "train a model further on a prepared dataset"
    kind: argparse.ArgumentParser = kinds.add_parser(
        "finetune", help=summary, description=f"{summary[0].upper()}{summary[1:]}."
    )
    add_places(kind)
    kind.add_argument(
        "--preset",
        default="completion",
        choices=("completion", "infilling", "continuation"),
        help="what the model is to do (default: completion)",
    )
    kind.add_argument(
        "--method", choices=("full", "lora"), help="train all weights or an adapter (default: by size)"
    )
    length = kind.add_mutually_exclusive_group()
    length.add_argument("--steps", type=whole(1), metavar="N", help="train so many steps (default: 200)")
    length.add_argument("--minutes", type=_number, metavar="N", help="train so long instead")
    kind.add_argument(
        "--settings", metavar="FILE", help="settings in place of the preset's: a search's best.json"
    )
    kind.add_argument("--learning-rate", type=_number, metavar="RATE", help="default: as the preset")
    kind.add_argument("--rank", type=whole(1), metavar="N", help="of the adapter (default: 8 or 16, by size)")
    kind.add_argument("--batch", type=whole(1), metavar="N", help="windows a step (default: 16)")
    kind.add_argument("--length", type=whole(1), metavar="N", help="tokens a window (default: up to 512)")
    kind.add_argument(
        "--patience", type=whole(0), metavar="N", help="end after so many checks without gain (default: 4)"
    )
    kind.add_argument(
        "--check-every", type=whole(1), metavar="N", help="check so many steps apart (default: 25)"
    )
    kind.add_argument(
        "--register",
        default="better",
        choices=("better", "anyway", "never"),
        help="when the version is added to the models (default: better)",
    )
    kind.add_argument(
        "--keep-memory", type=whole(0), default=512, metavar="MB", help="pause below this (default: 512)"
    )
    kind.add_argument(
        "--keep-disk", type=whole(0), default=1024, metavar="MB", help="pause below this (default: 1024)"
    )
    kind.add_argument("--device", choices=("auto", "cpu", "cuda"), help="where to compute (default: auto)")
    private = kind.add_mutually_exclusive_group()
    private.add_argument(
        "--private-epsilon", type=_number, metavar="E", help="train privately, spending at most this"
    )
    private.add_argument(
        "--private-noise", type=_number, metavar="M", help="the same with this noise multiplier"
    )
    kind.add_argument(
        "--private-delta", type=_number, metavar="D", help="default: a tenth of one in the files"
    )
    kind.add_argument("--json", action="store_true", help="write JSON")
    kind.set_defaults(work=_finetune)


def _finetune(arguments: argparse.Namespace) -> Path | None:
    from rust_ai_ide.cli.progress import progress
    from rust_ai_ide.runtime.library import find_model
    from rust_ai_ide.training.finetuning.base import read_base
    from rust_ai_ide.training.finetuning.job import Job, finetune
    from rust_ai_ide.training.resources import MEGABYTE, Limits

    folder = find_model(arguments.base)[0]
    config = _config(arguments, read_base(folder))
    into = Path(arguments.into)
    limits = Limits(arguments.keep_memory * MEGABYTE, arguments.keep_disk * MEGABYTE)
    privacy = _privacy(arguments)
    # Gradients of single files are not computed in 16 bits, which are the preset's where the processor has them.
    config = replace(config, precision="float32") if privacy else config
    data = Path(arguments.dataset)
    job = Job(folder, data, into, config, arguments.register, limits=limits, privacy=privacy)
    result = finetune(job, progress())
    if arguments.json:
        write_json(result.as_json())
        return None
    write_table(list(result.as_text()))
    write("")
    if result.privacy:
        write(f"Spent: {result.privacy.as_text()}. The files that were kept back are not protected.")
    write(f"{result.model} {'is registered' if result.registered else 'is not registered'}. {result.reason}")
    return into / result.folder


def _privacy(arguments: argparse.Namespace) -> "Privacy | None":
    from rust_ai_ide.training.privacy.config import Privacy

    epsilon, noise, delta = arguments.private_epsilon, arguments.private_noise, arguments.private_delta
    if epsilon is None and noise is None and delta is None:
        return None
    return Privacy(epsilon or 0.0, delta or 0.0, noise or 0.0)


def _config(arguments: argparse.Namespace, base: "Base") -> "FinetuneConfig":
    """Return the preset's settings with those that were given in their place."""
    from rust_ai_ide.training.finetuning.job import available_machine
    from rust_ai_ide.training.finetuning.presets import configured

    given = {
        "method": arguments.method,
        "steps": arguments.steps,
        "minutes": arguments.minutes,
        "rate": arguments.learning_rate,
        "rank": arguments.rank,
        "batch": arguments.batch,
        "length": arguments.length,
        "patience": arguments.patience,
        "check_every": arguments.check_every,
        "device": arguments.device,
    }
    machine = available_machine(arguments.device or "auto")
    config = configured(arguments.preset, base.shape, machine, given)
    return _with_file(config, base, given, Path(arguments.settings)) if arguments.settings else config


def _with_file(config: "FinetuneConfig", base: "Base", given: dict[str, Any], file: Path) -> "FinetuneConfig":
    """Return the settings of a file, which go before the preset's, and after those that were given."""
    from rust_ai_ide.training.finetuning.job import available_machine
    from rust_ai_ide.training.finetuning.presets import fitted
    from rust_ai_ide.training.finetuning.settings_file import with_settings

    chosen = {name: value for name, value in given.items() if value is not None}
    if "rank" in chosen:
        chosen["alpha"] = 2.0 * chosen["rank"]
    if "minutes" in chosen:
        chosen["steps"] = 0
    config = replace(with_settings(config, file), **chosen)
    return fitted(config, base.shape, available_machine(config.device).memory_available)


def _number(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no number") from None
    if not math.isfinite(number):
        raise argparse.ArgumentTypeError("must be a finite number")
    return number
