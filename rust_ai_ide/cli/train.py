"""`rust-ai-ide train`: the options. What they do is in `rust_ai_ide.training`, loaded when it runs."""

import argparse
from pathlib import Path

from rust_ai_ide.cli import finetune, search, update
from rust_ai_ide.cli.numbers import whole
from rust_ai_ide.cli.tables import write
from rust_ai_ide.errors import RustAiIdeError


class OptionsRefused(RustAiIdeError):
    """Options that do not go together."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what can be trained, and the options of each."""
    kinds = parser.add_subparsers(title="what to train", metavar="WHAT", required=True)
    starter = kinds.add_parser(
        "starter",
        help="the small model that is shipped",
        description="Train the small model that is shipped.",
    )
    starter.add_argument("--into", required=True, metavar="DIR", help="work here; run again to go on")
    starter.add_argument(
        "--minutes", type=_minutes, default=45.0, metavar="N", help="train so long (default: 45)"
    )
    starter.add_argument("--corpus", metavar="DIR", help="learn from the crates in this folder, bring none")
    starter.add_argument(
        "--crates",
        type=whole(1),
        default=700,
        metavar="N",
        help="bring so many of the most used (default: 700)",
    )
    made = starter.add_mutually_exclusive_group()
    made.add_argument("--base", metavar="MODEL", help="go on from the weights of this model")
    made.add_argument("--size", choices=("small", "medium", "large"), help="how large it is (default: small)")
    starter.add_argument("--family", choices=("llama", "gpt_bigcode"), help="what it is (default: llama)")
    starter.add_argument(
        "--device", default="auto", choices=("auto", "cpu", "cuda"), help="where to compute (default: auto)"
    )
    starter.add_argument("--suite", default="", metavar="NAME", help="the Debian suite to bring them from")
    starter.set_defaults(work=_starter)
    ranking = kinds.add_parser(
        "ranking",
        help="how suggestions are ranked, and which are shown",
        description="Fit how suggestions are ranked, and which are shown, on code of your own.",
    )
    ranking.add_argument("--model", required=True, metavar="MODEL", help="the model that completes")
    ranking.add_argument(
        "--corpus", required=True, metavar="DIR", help="a folder of Rust, of one crate or many"
    )
    ranking.add_argument(
        "--places", type=whole(1), default=2500, metavar="N", help="replay so many (default: 2500)"
    )
    ranking.add_argument(
        "--seed", type=whole(0), default=0, metavar="N", help="chooses the places (default: 0)"
    )
    ranking.add_argument(
        "--into", metavar="FILE", help="write here (default: the data directory, where it is used)"
    )
    ranking.set_defaults(work=_ranking)
    finetune.add_kind(kinds)
    search.add_kind(kinds)
    update.add_kind(kinds)


def run(arguments: argparse.Namespace) -> int:
    """Train and print where the result lies; raises RustAiIdeError where that fails."""
    place = arguments.work(arguments)
    if place:
        write(str(place))
    return 0


def _starter(arguments: argparse.Namespace) -> Path:
    from rust_ai_ide.cli.progress import progress
    from rust_ai_ide.runtime.library import find_model
    from rust_ai_ide.training.pretraining import PretrainingConfig
    from rust_ai_ide.training.sizes import sized
    from rust_ai_ide.training.starter import StarterConfig, make_starter

    if arguments.base and arguments.family:
        raise OptionsRefused("A training that goes on from a base keeps its family; leave out --family.")
    shape = sized(arguments.size or "small", arguments.family or "llama")
    config = StarterConfig(
        into=Path(arguments.into),
        minutes=arguments.minutes,
        crates=arguments.crates,
        suite=arguments.suite,
        corpus=Path(arguments.corpus) if arguments.corpus else None,
        base=find_model(arguments.base)[0] if arguments.base else None,
        vocabulary=shape.vocabulary,
        pretraining=PretrainingConfig(network=shape, device=arguments.device),
    )
    return make_starter(config, progress())


def _ranking(arguments: argparse.Namespace) -> Path:
    from rust_ai_ide.cli.progress import progress
    from rust_ai_ide.runtime.completion.ranking import own_file
    from rust_ai_ide.runtime.library import find_model
    from rust_ai_ide.training.ranking import fit_ranking

    folder, manifest = find_model(arguments.model)
    into = Path(arguments.into) if arguments.into else own_file()
    fit_ranking(
        folder,
        manifest,
        Path(arguments.corpus),
        into,
        places=arguments.places,
        seed=arguments.seed,
        report=progress(),
    )
    return into


def _minutes(text: str) -> float:
    number = float(text)
    if not 0 < number <= 100_000:
        raise argparse.ArgumentTypeError("must be above 0")
    return number
