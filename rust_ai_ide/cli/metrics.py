"""`rust-ai-ide metrics`: the options. What it does is in `rust_ai_ide.architecture.metrics`, loaded when it runs."""

import argparse
import sys
from pathlib import Path

from rust_ai_ide.cli.numbers import whole
from rust_ai_ide.cli.tables import write_table
from rust_ai_ide.observability.printable import printable

_TABLE, _JSON, _CSV = "table", "json", "csv"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument(
        "path", metavar="PATH", nargs="?", default=".", help="a folder or a file; default: here"
    )
    parser.add_argument(
        "--format", choices=(_TABLE, _JSON, _CSV), default=_TABLE, help="default: %(default)s"
    )
    parser.add_argument(
        "--mode",
        choices=("compatible", "corrected"),
        default="compatible",
        help="the definitions that count; default: %(default)s",
    )
    parser.add_argument(
        "--top",
        type=whole(1),
        default=20,
        metavar="N",
        help="how many functions the table has; default: %(default)s",
    )


def run(arguments: argparse.Namespace) -> int:
    """Print the measures; raises RustAiIdeError where there is nothing to measure."""
    from rust_ai_ide.architecture.metrics.project import measure_project
    from rust_ai_ide.architecture.metrics.reporting import most_complex, to_csv, to_json
    from rust_ai_ide.architecture.metrics.spaces import Mode

    mode = Mode(arguments.mode)
    files = list(measure_project(Path(arguments.path), mode))
    for file in files:
        if file.space is None:
            sys.stderr.write(f"rust-ai-ide: {printable(file.path)}: {printable(file.note)}\n")
    if arguments.format == _JSON:
        sys.stdout.write(to_json(files, mode))
    elif arguments.format == _CSV:
        sys.stdout.write(to_csv(files))
    else:
        write_table(most_complex(files, arguments.top))
    return 0
