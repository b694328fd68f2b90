"""`rust-ai-ide train search`: the options. What they do is in `rust_ai_ide.training.searching`."""

import argparse
import shlex
from pathlib import Path
from typing import Any

from rust_ai_ide.cli.finetune import add_places
from rust_ai_ide.cli.numbers import whole
from rust_ai_ide.cli.tables import write, write_json, write_table


def add_kind(kinds: Any) -> None:
    """Declare the subcommand and its options."""
    summary = "try settings of a fine-tuning and keep the best"
    kind: argparse.ArgumentParser = kinds.add_parser(
        "search", help=summary, description=f"{summary[0].upper()}{summary[1:]}."
    )
    add_places(kind)
    kind.add_argument(
        "--sampler",
        default="bayesian",
        choices=("bayesian", "grid", "genetic"),
        help="how settings are chosen (default: bayesian)",
    )
    kind.add_argument("--trials", type=whole(1), default=20, metavar="N", help="try so many (default: 20)")
    kind.add_argument("--space", metavar="FILE", help="which settings to try, as JSON or TOML")
    kind.add_argument("--seed", type=whole(0), default=0, metavar="N", help="of chance (default: 0)")
    kind.add_argument(
        "--preset",
        default="completion",
        choices=("completion", "infilling", "continuation"),
        help="what the model is to do (default: completion)",
    )
    kind.add_argument(
        "--method", choices=("full", "lora"), help="train all weights or an adapter (default: by size)"
    )
    kind.add_argument("--steps", type=whole(1), metavar="N", help="of each trial (default: 200)")
    kind.add_argument("--batch", type=whole(1), metavar="N", help="windows a step (default: 16)")
    kind.add_argument("--length", type=whole(1), metavar="N", help="tokens a window (default: up to 512)")
    kind.add_argument(
        "--patience", type=whole(0), metavar="N", help="end a trial after so many checks without gain"
    )
    kind.add_argument("--check-every", type=whole(1), metavar="N", help="check so many steps apart")
    kind.add_argument("--device", choices=("auto", "cpu", "cuda"), help="where to compute (default: auto)")
    kind.add_argument("--json", action="store_true", help="write JSON")
    kind.set_defaults(work=_search)


def _search(arguments: argparse.Namespace) -> None:
    from rust_ai_ide.cli.progress import progress
    from rust_ai_ide.runtime.library import find_model
    from rust_ai_ide.training.finetuning.base import read_base
    from rust_ai_ide.training.finetuning.job import available_machine
    from rust_ai_ide.training.finetuning.presets import configured
    from rust_ai_ide.training.searching.job import Search, search
    from rust_ai_ide.training.searching.reading import read_space

    folder, manifest = find_model(arguments.base)
    names = ("method", "steps", "batch", "length", "patience", "check_every", "device")
    given = {name: getattr(arguments, name) for name in names}
    machine = available_machine(arguments.device or "auto")
    into = Path(arguments.into)
    result = search(
        Search(
            base=folder,
            dataset=Path(arguments.dataset),
            into=into,
            config=configured(arguments.preset, read_base(folder).shape, machine, given),
            space=read_space(Path(arguments.space)) if arguments.space else {},
            sampler=arguments.sampler,
            trials=arguments.trials,
            seed=arguments.seed,
        ),
        progress(),
    )
    if arguments.json:
        write_json(result.as_json() | {"command": _command(arguments, manifest.id)})
        return
    write_table(result.as_text())
    write("")
    best = ", ".join(f"{name} {value:g}" for name, value in result.best.settings.items())
    write(f"The best is trial {result.best.number} with {result.best.value:.4f} nats a token: {best}.")
    write("Train with its settings by:")
    write(_command(arguments, manifest.id))


def _command(arguments: argparse.Namespace, base: str) -> str:
    """Return the command that trains with the best settings."""
    from rust_ai_ide.training.searching.result import BEST

    into = Path(arguments.into)
    words = ["rust-ai-ide", "train", "finetune", "--base", base, "--dataset", arguments.dataset]
    words += ["--settings", str(into / BEST), "--into", str(into / "best")]
    return shlex.join(words)
