"""`rust-ai-ide metrics`: the options. What it does is in `rust_ai_ide.architecture.metrics`, loaded when it runs."""

import argparse
import sys
from pathlib import Path

from rust_ai_ide.cli.numbers import whole
from rust_ai_ide.cli.progress import tell_warnings
from rust_ai_ide.cli.tables import write, write_table
from rust_ai_ide.observability.printable import printable

_CODE, _MODULES = "code", "modules"
_TABLE, _JSON, _CSV = "table", "json", "csv"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument(
        "path", metavar="PATH", nargs="?", default=".", help="a folder or a file; default: here"
    )
    parser.add_argument(
        "--of",
        choices=(_CODE, _MODULES),
        default=_CODE,
        help="code: the size and complexity of functions; modules: how they are coupled; default: %(default)s",
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
        help="how many rows a table has; default: %(default)s",
    )
    parser.add_argument(
        "--depth",
        type=whole(0),
        metavar="N",
        help="of modules: those that lie deeper count as part of the one around them; 0 is crates; default: no limit",
    )
    parser.add_argument(
        "--external",
        action="store_true",
        help="of modules: crates from outside of the workspace count as used",
    )


def run(arguments: argparse.Namespace) -> int:
    """Print the measures; raises RustAiIdeError where there is nothing to measure."""
    if arguments.of == _MODULES:
        _print_coupling(arguments)
    else:
        _print_code(arguments)
    return 0


def _print_code(arguments: argparse.Namespace) -> None:
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


def _print_coupling(arguments: argparse.Namespace) -> None:
    from rust_ai_ide.architecture.folder import structure_of_folder
    from rust_ai_ide.architecture.graph import cycles
    from rust_ai_ide.architecture.metrics.coupling import couplings, type_counts, unstable_edges
    from rust_ai_ide.architecture.metrics.coupling_report import farthest, least_stable, to_csv, to_json

    structure = structure_of_folder(Path(arguments.path), tell_warnings)
    found, graph = couplings(
        structure.model.module_graph,
        type_counts(structure),
        external=arguments.external,
        depth=arguments.depth,
    )
    unstable = unstable_edges(found, graph)
    in_cycles = {name for cycle in cycles(graph) for name in cycle.nodes}
    if arguments.format == _JSON:
        sys.stdout.write(to_json(found, unstable, in_cycles))
    elif arguments.format == _CSV:
        sys.stdout.write(to_csv(found, in_cycles))
    else:
        write_table(farthest(found, arguments.top))
        if unstable:
            write("")
            write_table(least_stable(unstable, arguments.top))
