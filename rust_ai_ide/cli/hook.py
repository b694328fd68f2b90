"""`rust-ai-ide hook`: the options. What they do is in `rust_ai_ide.review.hook`, loaded when it runs."""

import argparse
from pathlib import Path

from rust_ai_ide.cli.tables import write

_SEVERITIES = ("info", "warning", "error", "critical")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what can be done with the hook, and the options of each."""
    kinds = parser.add_subparsers(title="what to do", metavar="WHAT", required=True)
    install = kinds.add_parser("install", help="review what is staged before each commit")
    install.add_argument(
        "--fail-on",
        choices=_SEVERITIES,
        default="warning",
        help="refuse the commit from this severity on (default: %(default)s)",
    )
    install.set_defaults(work=_install)
    uninstall = kinds.add_parser("uninstall", help="remove the hook again")
    uninstall.set_defaults(work=_uninstall)
    for kind in (install, uninstall):
        kind.add_argument(
            "--project", default=".", metavar="DIR", help="the repository (default: this folder's)"
        )


def run(arguments: argparse.Namespace) -> int:
    """Do it and say what was done; raises RustAiIdeError where that fails."""
    arguments.work(arguments)
    return 0


def _install(arguments: argparse.Namespace) -> None:
    from rust_ai_ide.review.findings import Severity
    from rust_ai_ide.review.hook import install_hook

    hook = install_hook(Path(arguments.project), Severity(arguments.fail_on))
    write(f"{hook.path} reviews what is staged. git commit --no-verify passes it by.")


def _uninstall(arguments: argparse.Namespace) -> None:
    from rust_ai_ide.review.hook import uninstall_hook

    write(f"{uninstall_hook(Path(arguments.project)).path} was removed.")
