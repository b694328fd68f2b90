"""The parts of `rust-ai-ide models` that add, change and delete versions. What they do is in the engine."""

import argparse
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rust_ai_ide.cli.tables import write, write_json, write_table

if TYPE_CHECKING:
    from rust_ai_ide.runtime.manifest import Manifest


def add_kinds(kinds: Any) -> None:
    """Declare the subcommands and their options."""
    convert = _kind(kinds, "convert", "convert a Hugging Face folder or a GGUF file", _convert)
    convert.add_argument("source", metavar="SOURCE", help="the folder or the file")
    convert.add_argument("--name", required=True, metavar="NAME", help="what the model is to be called")
    convert.add_argument("--version", default="1", metavar="VERSION", help="its version (default: 1)")
    convert.add_argument("--licence", required=True, metavar="TEXT", help="its licence, as its card says")
    convert.add_argument("--adapter", default="", metavar="DIR", help="a LoRA adapter to merge first")
    convert.add_argument("--compare", action="store_true", help="measure the original precision as well")
    quantise = _kind(kinds, "quantise", "make another version of a model with smaller weights", _quantise)
    quantise.add_argument("model", metavar="MODEL", help=_MODEL)
    quantise.add_argument("--version", required=True, metavar="VERSION", help="the version to make")
    register = _kind(kinds, "register", "add the model in a folder", _register)
    register.add_argument("folder", metavar="DIR", help="a folder with a manifest.json")
    for kind in (convert, quantise):
        kind.add_argument("--quantisation", default="int8", metavar="TYPE", help=_TYPES)
    for kind in (convert, quantise, register):
        kind.add_argument("--json", action="store_true", help="write JSON")
    for name, summary, work in (
        ("delete", "delete a model that was added here", _delete),
        ("encrypt", "encrypt the files of a model", _encrypt),
        ("decrypt", "decrypt the files of a model", _decrypt),
    ):
        _kind(kinds, name, summary, work).add_argument("model", metavar="MODEL", help=_MODEL)


_MODEL = "its id, or its name for the last version"
_TYPES = "int8, int16, float16, bfloat16 or float32 (default: int8)"


def _kind(
    kinds: Any, name: str, summary: str, work: Callable[[argparse.Namespace], None]
) -> argparse.ArgumentParser:
    kind: argparse.ArgumentParser = kinds.add_parser(
        name, help=summary, description=f"{summary[0].upper()}{summary[1:]}."
    )
    kind.set_defaults(work=work)
    return kind


def _convert(arguments: argparse.Namespace) -> None:
    from rust_ai_ide.cli.progress import progress
    from rust_ai_ide.runtime.library import check_identifier, own_folder
    from rust_ai_ide.training.conversion.converting import Request
    from rust_ai_ide.training.conversion.importing import import_model

    check_identifier(arguments.name, arguments.version)
    request = Request(
        source=arguments.source,
        into=str(own_folder() / f"{arguments.name}@{arguments.version}"),
        name=arguments.name,
        version=arguments.version,
        licence=arguments.licence,
        quantisation=arguments.quantisation,
        adapter=arguments.adapter,
    )
    _tell(import_model(request, progress(), compares=arguments.compare), arguments.json)


def _quantise(arguments: argparse.Namespace) -> None:
    from rust_ai_ide.cli.progress import progress
    from rust_ai_ide.runtime.quantising import quantise_model

    made = quantise_model(arguments.model, arguments.quantisation, arguments.version, progress())
    _tell(made, arguments.json)


def _register(arguments: argparse.Namespace) -> None:
    from rust_ai_ide.runtime.library import register_path

    _tell(register_path(str(Path(arguments.folder).absolute())), arguments.json)


def _tell(manifest: "Manifest", as_json: bool) -> None:
    """Tell of a version that was added, with what was measured."""
    if as_json:
        names = ("id", "family", "licence", "quantisation", "base_model", "origin", "parameters")
        figures = [asdict(one) for one in manifest.figures]
        write_json({name: getattr(manifest, name) for name in names} | {"figures": figures})
        return
    write(f"{manifest.id} was added.")
    if manifest.figures:
        first = f"First token after {manifest.figures[0].prompt_tokens}"
        write("")
        rows = [
            (
                one.quantisation,
                f"{one.size / 1e6:,.1f} MB",
                f"{one.memory / 1e6:,.0f} MB",
                f"{one.first_token:,.1f} ms",
                f"{one.tokens_per_second:,.0f}",
                f"{one.bits_per_byte:.3f}",
            )
            for one in manifest.figures
        ]
        heads = ("Weights", "On the disk", "In memory", first, "Tokens a second", "Bits per byte")
        write_table([heads, *rows])


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
