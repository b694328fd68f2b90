"""The `rust-ai-ide` command: reads the arguments, calls the subcommand, turns errors into one sentence."""

import argparse
import os
import sys
from collections.abc import Container, Sequence
from importlib import import_module

from rust_ai_ide import __version__
from rust_ai_ide.cli.parsing import Parser
from rust_ai_ide.errors import RustAiIdeError
from rust_ai_ide.observability.printable import printable

FAILED = 2


_COMMANDS = {
    "serve": "start the workbench and print a link that signs you in",
    "sign-in-url": "print a fresh one-time sign-in link",
    "runtime": "hold models and answer completions over HTTP",
    "models": "list models, tell which fit into this machine, and find their fastest settings",
    "review": "review Rust code and print the findings",
    "rules": "list the rules of reviews, and bring those of other tools",
    "architecture": "show which crates and modules there are, and which use which",
    "advise": "recommend what to do about an architecture, each with what speaks for it",
    "metrics": "measure the size and complexity of Rust code",
    "decide": "weigh alternatives, and keep records of what was decided",
    "hook": "review what is staged before each commit to a git repository",
    "dataset": "make datasets to train on, and show what is in them",
    "train": "train a small model for Rust, or how suggestions are ranked, on this machine",
    "evaluate": "measure completion on your own code, and the rules of reviews",
}


def build_parser(wanted: Container[str] = frozenset(_COMMANDS)) -> argparse.ArgumentParser:
    """Return the parser of the command line; only the commands that are `wanted` know their options."""
    parser = argparse.ArgumentParser(
        prog="rust-ai-ide",
        description="A browser workbench for Rust that runs on your own machine.",
        epilog="`rust-ai-ide COMMAND --help` tells more of a command.",
    )
    parser.add_argument("--version", action="version", version=f"rust-ai-ide {__version__}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True, parser_class=Parser)
    for name, summary in _COMMANDS.items():
        command = commands.add_parser(name, help=summary, description=f"{summary[0].upper()}{summary[1:]}.")
        if name in wanted:
            # Imported late: a hook that reviews a commit waits for every module that it does not need.
            module = import_module(f"rust_ai_ide.cli.{name.replace('-', '_')}")
            module.add_arguments(command)
            command.set_defaults(run=module.run)
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; return its exit code (2 where the tool itself failed)."""
    given = sys.argv[1:] if arguments is None else arguments
    parsed = build_parser(given).parse_args(given)
    try:
        code: int = parsed.run(parsed)
        sys.stdout.flush()
    except RustAiIdeError as error:
        print(f"rust-ai-ide: {printable(str(error))}", file=sys.stderr)  # noqa: T201
        return FAILED
    except BrokenPipeError:
        # The reader of our pipe has had enough; nobody is left to tell.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    except KeyboardInterrupt:
        return 130
    except Exception:
        # A defect of ours must not look like findings, whose exit code is 1.
        import traceback

        traceback.print_exc()
        return FAILED
    return code


if __name__ == "__main__":
    sys.exit(main())
