"""`rust-ai-ide advise`: the options. What it does is in `rust_ai_ide.architecture.advice`, loaded when it runs."""

import argparse
import sys
from pathlib import Path

from rust_ai_ide.cli.numbers import whole
from rust_ai_ide.cli.progress import tell_warnings
from rust_ai_ide.observability.printable import printable

_TEXT, _JSON, _MARKDOWN = "text", "json", "markdown"
_GOALS = ("reduce_development_time", "improve_code_quality", "ensure_scalability", "facilitate_testing")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("path", metavar="PATH", nargs="?", default=".", help="a folder; default: here")
    parser.add_argument(
        "--format", choices=(_TEXT, _JSON, _MARKDOWN), default=_TEXT, help="default: %(default)s"
    )
    parser.add_argument("--top", type=whole(1), metavar="N", help="only so many; default: all")
    parser.add_argument(
        "--asked",
        metavar="FILE",
        help="JSON with currentArchitecture, constraints and goals; instead of what follows",
    )
    _add_several(parser, "--layer", "a layer that the code is meant to have, the highest first")
    _add_several(parser, "--technology", "something that is meant to be used, such as axum or postgres")
    _add_several(parser, "--pattern", "a pattern that is meant to be there, such as repository")
    _add_several(parser, "--constraint", "such as team_size: 10, timeline: 6_months, scalability: high")
    parser.add_argument("--goal", action="append", default=[], choices=_GOALS, help="what is wanted most")


def _add_several(parser: argparse.ArgumentParser, option: str, about: str) -> None:
    metavar = option.removeprefix("--").upper()
    parser.add_argument(option, action="append", default=[], metavar=metavar, help=f"{about}; repeatable")


def run(arguments: argparse.Namespace) -> int:
    """Print the advice; raises RustAiIdeError where there is no package, or what is asked is not understood."""
    from rust_ai_ide.architecture.advice.asking import asked_of, read_asked
    from rust_ai_ide.architecture.advice.recommending import get_architecture_recommendations
    from rust_ai_ide.architecture.advice.telling import to_json, to_markdown, to_text

    if arguments.asked is not None:
        asked = read_asked(Path(arguments.asked))
    else:
        asked = asked_of(
            arguments.layer, arguments.technology, arguments.pattern, arguments.constraint, arguments.goal
        )
    folder = Path(arguments.path)
    found = get_architecture_recommendations(folder, asked, tell_warnings)[: arguments.top]
    if arguments.format == _JSON:
        text = to_json(found)
    elif arguments.format == _MARKDOWN:
        text = to_markdown(found, f"Advice on {folder.resolve().name}")
    else:
        text = "".join(f"{printable(line)}\n" for line in to_text(found).splitlines())
    sys.stdout.write(text)
    return 0
