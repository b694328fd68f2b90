"""`rust-ai-ide train`: the options. What they do is in `rust_ai_ide.training.starter`, loaded when it runs."""

import argparse
import sys
from pathlib import Path


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of the command."""
    parser.add_argument("model", choices=("starter",), help="what to train: the small model that is shipped")
    parser.add_argument("--into", required=True, metavar="DIR", help="work here; run again to go on")
    parser.add_argument(
        "--minutes", type=_minutes, default=45.0, metavar="N", help="train so long (default: 45)"
    )
    parser.add_argument("--corpus", metavar="DIR", help="learn from the crates in this folder, bring none")
    parser.add_argument(
        "--crates",
        type=_count,
        default=700,
        metavar="N",
        help="bring so many of the most used (default: 700)",
    )
    parser.add_argument("--base", metavar="MODEL", help="go on from the weights of this model")
    parser.add_argument("--suite", default="", metavar="NAME", help="the Debian suite to bring them from")


def run(arguments: argparse.Namespace) -> int:
    """Train and print where the model lies; raises RustAiIdeError where that fails."""
    from rust_ai_ide.cli.progress import progress
    from rust_ai_ide.runtime.library import find_model
    from rust_ai_ide.training.starter import StarterConfig, make_starter

    config = StarterConfig(
        into=Path(arguments.into),
        minutes=arguments.minutes,
        crates=arguments.crates,
        suite=arguments.suite,
        corpus=Path(arguments.corpus) if arguments.corpus else None,
        base=find_model(arguments.base)[0] if arguments.base else None,
    )
    sys.stdout.write(f"{make_starter(config, progress())}\n")
    return 0


def _minutes(text: str) -> float:
    number = float(text)
    if not 0 < number <= 100_000:
        raise argparse.ArgumentTypeError("must be above 0")
    return number


def _count(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be at least 1")
    return number
