"""`rust-ai-ide runtime`: hold models and answer completions over HTTP."""

import argparse

DEFAULT_PORT = 8791


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--host", default="127.0.0.1", help="the address to listen on (default: %(default)s)")
    parser.add_argument(
        "--port", type=int, default=DEFAULT_PORT, help="the port to listen on (default: %(default)s)"
    )
    parser.add_argument(
        "--model",
        action="append",
        metavar="ID",
        help="a model to load, may be given again (default: those loaded last time, at first the one shipped)",
    )
    parser.add_argument(
        "--threads", type=int, default=0, help="threads a model computes with (default: as tuned)"
    )
    parser.add_argument(
        "--memory-mb",
        type=int,
        default=0,
        metavar="N",
        help="the most memory to use (default: 80 %% of the machine's)",
    )
    parser.add_argument(
        "--no-key", action="store_true", help="ask for no key; only when listening on this machine alone"
    )


def run(arguments: argparse.Namespace) -> int:
    """Serve until interrupted."""
    from rust_ai_ide.runtime.server.serving import RuntimeSettings, serve

    serve(
        RuntimeSettings(
            host=arguments.host,
            port=arguments.port,
            models=tuple(arguments.model or ()),
            threads=arguments.threads,
            memory_limit=arguments.memory_mb * 1024 * 1024,
            asks_key=not arguments.no_key,
        )
    )
    return 0
