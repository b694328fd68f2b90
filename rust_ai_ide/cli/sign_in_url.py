"""`rust-ai-ide sign-in-url`: print a fresh one-time sign-in link."""

import argparse
import os

DEFAULT_HOST = "127.0.0.1"
DEFAULT_PORT = 8731
EVERYWHERE = {"0.0.0.0", "::"}  # noqa: S104 - addresses to listen on, which name no place to go


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument(
        "--host", default=os.environ.get("RUST_AI_IDE_HOST", DEFAULT_HOST), help="default: %(default)s"
    )
    parser.add_argument(
        "--port",
        type=int,
        default=os.environ.get("RUST_AI_IDE_PORT", str(DEFAULT_PORT)),
        help="default: %(default)s",
    )


def run(arguments: argparse.Namespace) -> int:
    """Print the link."""
    print(sign_in_url(arguments.host, arguments.port))  # noqa: T201
    return 0


def sign_in_url(host: str, port: int) -> str:
    """Make a token and return the link that uses it."""
    from rust_ai_ide.sign_in import issue_token

    if host in EVERYWHERE:
        host = DEFAULT_HOST
    name = f"[{host}]" if ":" in host else host
    return f"http://{name}:{port}/sign-in/{issue_token()}/"
