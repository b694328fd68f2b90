"""`rust-ai-ide rules`: the options. What they do is in `rust_ai_ide.review`, loaded when it runs."""

import argparse
import sys
from dataclasses import asdict
from pathlib import Path

from rust_ai_ide.cli.tables import write, write_json, write_table
from rust_ai_ide.observability.printable import printable


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what can be done with rules, and the options of each."""
    kinds = parser.add_subparsers(title="what to do", metavar="WHAT", required=True)
    listing = kinds.add_parser("list", help="list the rules of reviews")
    listing.add_argument("--json", action="store_true", help="write JSON")
    listing.set_defaults(work=_list)
    bring = kinds.add_parser(
        "import", help="print rules of ast-grep, or of an older form, as settings of this product"
    )
    bring.add_argument("file", metavar="FILE", help="a file of YAML or JSON")
    bring.set_defaults(work=_import)


def run(arguments: argparse.Namespace) -> int:
    """Do it; raises RustAiIdeError where that fails."""
    arguments.work(arguments)
    return 0


def _list(arguments: argparse.Namespace) -> None:
    from rust_ai_ide.review.catalogue import all_rules

    if arguments.json:
        write_json([asdict(rule) for rule in all_rules()])
        return
    rows = [
        (rule.id, rule.category, rule.severity, f"{rule.confidence:.2f}", rule.title) for rule in all_rules()
    ]
    write_table([("Rule", "Category", "Severity", "Confidence", "What it finds"), *rows])


def _import(arguments: argparse.Namespace) -> None:
    from rust_ai_ide.review.custom.contained import check_custom_rules
    from rust_ai_ide.review.custom.importing import import_rules, to_toml

    imported = import_rules(Path(arguments.file))
    check_custom_rules(imported.rules)
    for told in imported.report:
        sys.stderr.write(f"rust-ai-ide: {printable(told)}\n")
    for line in to_toml(imported.rules).splitlines():
        write(line)
