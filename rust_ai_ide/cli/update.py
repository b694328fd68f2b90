"""`rust-ai-ide train update`: the options. What they do is in `rust_ai_ide.training.privacy.updates`."""

import argparse
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rust_ai_ide.cli.tables import write, write_json


def add_kind(kinds: Any) -> None:
    """Declare the subcommand and its options."""
    summary = "keep what a fine-tuning changed, clipped, noisy and encrypted"
    kind: argparse.ArgumentParser = kinds.add_parser(
        "update",
        help=summary,
        description=f"{summary[0].upper()}{summary[1:]}. Without options, show it. It is not differential privacy.",
    )
    kind.add_argument("folder", metavar="DIR", help="the folder of the fine-tuning")
    kind.add_argument("--clip", type=float, metavar="C", help="write it, cut to this length")
    kind.add_argument("--noise", type=float, metavar="S", help="add noise so many times as long as that")
    kind.add_argument("--apply", metavar="NEW", help="write base and update together as this model folder")
    kind.add_argument("--json", action="store_true", help="write JSON")
    kind.set_defaults(work=_update)


def _update(arguments: argparse.Namespace) -> Path | None:
    from rust_ai_ide.training.privacy.errors import PrivacyRefused
    from rust_ai_ide.training.privacy.updates import apply_update, read_update, save_update

    folder = Path(arguments.folder)
    if (arguments.clip is None) != (arguments.noise is None):
        raise PrivacyRefused("Give --clip and --noise together: a length, and how much noise for it.")
    if arguments.clip is not None:
        update = save_update(folder, arguments.clip, arguments.noise)
    else:
        update, _ = read_update(folder)
    if arguments.apply:
        apply_update(folder, Path(arguments.apply))
    if arguments.json:
        write_json(asdict(update))
        return None
    write(
        f"An update of {update.weights:,} weights of {update.base}, {update.norm:.4g} long, clipped to "
        f"{update.clip:g}, with noise of {update.noise:g} times that; opened by the key {update.key}."
    )
    write(update.note)
    return Path(arguments.apply) if arguments.apply else None
