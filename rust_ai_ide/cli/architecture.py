"""`rust-ai-ide architecture`: the options. What it does is in `rust_ai_ide.architecture`, loaded when it runs."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from rust_ai_ide.observability.printable import printable

if TYPE_CHECKING:
    from rust_ai_ide.observability.events import Event

FORMATS = ("markdown", "json", "dot", "mermaid", "svg")
_FEW_CRATES = 3


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("path", metavar="PATH", nargs="?", default=".", help="a folder; default: here")
    parser.add_argument(
        "--level",
        choices=("crate", "module"),
        help="what the nodes are; default: modules where there are fewer than three crates but for tests",
    )
    parser.add_argument("--format", choices=FORMATS, default="markdown", help="default: %(default)s")
    parser.add_argument("--tests", action="store_true", help="with test code")
    parser.add_argument("--external", action="store_true", help="with crates from outside of the workspace")


def run(arguments: argparse.Namespace) -> int:
    """Print the architecture; raises RustAiIdeError where there is none."""
    from rust_ai_ide.architecture.choosing import Choice, chosen
    from rust_ai_ide.architecture.drawing import draw
    from rust_ai_ide.architecture.exporting import to_dot, to_json, to_mermaid
    from rust_ai_ide.architecture.folder import architecture_of_folder
    from rust_ai_ide.architecture.model import CRATES, MODULES
    from rust_ai_ide.architecture.summary import to_markdown

    folder = Path(arguments.path)
    model = architecture_of_folder(folder, _tell)
    crates = chosen(model.crate_graph, Choice()).nodes
    usual = MODULES if len(crates) < _FEW_CRATES else CRATES
    level = {"crate": CRATES, "module": MODULES}.get(arguments.level, usual)
    graph = chosen(model.graph(level), Choice(arguments.tests, arguments.external))
    cycles = model.cycles(level)
    if arguments.format == "markdown":
        text = to_markdown(model, graph, cycles, f"Architecture of {folder.resolve().name}")
    elif arguments.format == "svg":
        text = draw(graph, circles=cycles) + "\n"
    else:
        text = {"json": to_json, "dot": to_dot, "mermaid": to_mermaid}[arguments.format](graph)
    sys.stdout.write(text)
    return 0


def _tell(event: "Event") -> None:
    from rust_ai_ide.observability.events import Warned

    if isinstance(event, Warned):
        sys.stderr.write(f"rust-ai-ide: {printable(event.message)}\n")
