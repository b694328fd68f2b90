"""`rust-ai-ide decide`: the options. What it does is in `rust_ai_ide.architecture.decisions`, loaded when it runs."""

import argparse
import sys
from datetime import date
from pathlib import Path

from rust_ai_ide.cli.parsing import Parser
from rust_ai_ide.cli.tables import write, write_json, write_table
from rust_ai_ide.observability.printable import printable

_METHODS = ("weighted-sum", "topsis")
_TEXT, _JSON, _MARKDOWN = "text", "json", "markdown"
_STATUSES = ("proposed", "accepted", "rejected", "deprecated")


def add_arguments(parser: Parser) -> None:
    """Declare what can be done, and the options of each."""
    parser.usual, parser.words = "weigh", ("weigh", "record", "list")
    kinds = parser.add_subparsers(title="what to do", metavar="WHAT", required=True)
    weigh = kinds.add_parser(
        "weigh", help="rank alternatives, and say how firm that is; the word can be left out"
    )
    _add_decision(weigh)
    weigh.add_argument(
        "--format", choices=(_TEXT, _JSON, _MARKDOWN), default=_TEXT, help="default: %(default)s"
    )
    weigh.set_defaults(work=_weigh)
    record = kinds.add_parser("record", help="write what was decided into the repository")
    _add_decision(record)
    _add_project(record)
    record.add_argument("--status", choices=_STATUSES, default="proposed", help="default: %(default)s")
    record.add_argument(
        "--by", action="append", default=[], metavar="NAME", help="who decides; may be given several times"
    )
    record.add_argument(
        "--chosen", default="", metavar="NAME", help="the alternative; default: the first one"
    )
    record.add_argument("--because", default="", metavar="TEXT", help="why; default: its place and score")
    record.add_argument(
        "--supersedes", type=int, metavar="N", help="the number of the record that it replaces"
    )
    record.set_defaults(work=_record)
    listing = kinds.add_parser("list", help="list the records of a repository")
    _add_project(listing)
    listing.add_argument("--json", action="store_true", help="write JSON")
    listing.set_defaults(work=_list)


def run(arguments: argparse.Namespace) -> int:
    """Do it; raises RustAiIdeError where that fails."""
    arguments.work(arguments)
    return 0


def _add_decision(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", help="the decision, as TOML or JSON")
    parser.add_argument(
        "--method",
        choices=_METHODS,
        default=_METHODS[0],
        help="how ratings become a score; default: %(default)s",
    )


def _add_project(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--project", metavar="PATH", default=".", help="the folder of the project; default: here"
    )


def _weigh(arguments: argparse.Namespace) -> None:
    from rust_ai_ide.architecture.decisions.ranking import Method
    from rust_ai_ide.architecture.decisions.reading import read_decision
    from rust_ai_ide.architecture.decisions.reporting import to_json, to_record, to_text, weigh

    weighed = weigh(read_decision(Path(arguments.file)), Method(arguments.method))
    if arguments.format == _JSON:
        sys.stdout.write(to_json(weighed))
    elif arguments.format == _MARKDOWN:
        sys.stdout.write(to_record(weighed, made=date.today()))
    else:
        for line in to_text(weighed).splitlines():
            write(line)


def _record(arguments: argparse.Namespace) -> None:
    from rust_ai_ide.architecture.decisions.ranking import Method
    from rust_ai_ide.architecture.decisions.reading import read_decision
    from rust_ai_ide.architecture.decisions.records import add_record
    from rust_ai_ide.architecture.decisions.reporting import to_record, weigh

    weighed = weigh(read_decision(Path(arguments.file)), Method(arguments.method))
    text = to_record(
        weighed,
        made=date.today(),
        status=arguments.status,
        deciders=tuple(arguments.by),
        chosen=arguments.chosen,
        because=arguments.because,
    )
    made = add_record(Path(arguments.project), weighed.decision.title, text, supersedes=arguments.supersedes)
    write(made.path)


def _list(arguments: argparse.Namespace) -> None:
    from dataclasses import asdict

    from rust_ai_ide.architecture.decisions.records import records_of

    found = records_of(Path(arguments.project))
    for problem in found.problems:
        sys.stderr.write(f"rust-ai-ide: {printable(problem)}\n")
    if arguments.json:
        write_json([asdict(record) for record in found.records])
    elif found.records:
        rows = [(f"{one.number:04}", one.status, one.date, one.title) for one in found.records]
        write_table([("Number", "Status", "Date", "Title"), *rows])
    else:
        write(f"There are no records in {found.folder} yet; `rust-ai-ide decide record FILE` writes one.")
