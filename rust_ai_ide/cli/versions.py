"""The parts of `rust-ai-ide models` that add, change and delete versions. What they do is in the engine."""

import argparse
from pathlib import Path
from typing import Any

from rust_ai_ide.cli.tables import write, write_json


def add_kinds(kinds: Any) -> None:
    """Declare the subcommands and their options."""
    for name, summary, work, what in (
        ("register", "add the model in a folder", _register, ("folder", "DIR", "the folder")),
        ("delete", "delete a model that was added here", _delete, _MODEL),
        ("encrypt", "encrypt the files of a model", _encrypt, _MODEL),
        ("decrypt", "decrypt the files of a model", _decrypt, _MODEL),
    ):
        kind = kinds.add_parser(name, help=summary, description=f"{summary[0].upper()}{summary[1:]}.")
        argument, shown, told = what
        kind.add_argument(argument, metavar=shown, help=told)
        kind.set_defaults(work=work)
    for name in ("register",):
        kinds.choices[name].add_argument("--json", action="store_true", help="write JSON")


_MODEL = ("model", "MODEL", "its id, or its name for the last version")


def _register(arguments: argparse.Namespace) -> None:
    from rust_ai_ide.runtime.library import register_path

    manifest = register_path(str(Path(arguments.folder).absolute()))
    if arguments.json:
        write_json({"id": manifest.id, "family": manifest.family, "licence": manifest.licence})
    else:
        write(f"{manifest.id} was added.")


def _delete(arguments: argparse.Namespace) -> None:
    from rust_ai_ide.runtime.library import delete_model

    write(f"{delete_model(arguments.model).id} was deleted.")


def _encrypt(arguments: argparse.Namespace) -> None:
    from rust_ai_ide.cli.progress import progress
    from rust_ai_ide.runtime.encrypting import encrypt_model
    from rust_ai_ide.runtime.weight_key import key_file

    manifest = encrypt_model(arguments.model, progress())
    write(f"{manifest.id} is encrypted. Keep a copy of {key_file()}: without it the model is lost.")


def _decrypt(arguments: argparse.Namespace) -> None:
    from rust_ai_ide.cli.progress import progress
    from rust_ai_ide.runtime.encrypting import decrypt_model

    write(f"{decrypt_model(arguments.model, progress()).id} is decrypted.")
