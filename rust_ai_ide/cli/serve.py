"""`rust-ai-ide serve`: start the web, worker and runtime processes and keep them running."""

import argparse

from rust_ai_ide.cli import sign_in_url


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    sign_in_url.add_arguments(parser)
    parser.add_argument(
        "--no-worker", action="store_true", help="start the web process only; workers run elsewhere"
    )
    parser.add_argument(
        "--no-runtime", action="store_true", help="start no model runtime; RUNTIME_URLS names those elsewhere"
    )


def run(arguments: argparse.Namespace) -> int:
    """Serve until interrupted."""
    from rust_ai_ide.cli.supervisor import Supervisor

    return Supervisor(
        arguments.host,
        arguments.port,
        with_worker=not arguments.no_worker,
        with_runtime=not arguments.no_runtime,
    ).run()
