"""Which language a file is written in, and the grammar that reads it."""

from functools import cache
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tree_sitter import Language

_BY_SUFFIX = {".rs": "rust", ".toml": "toml"}
_BY_NAME = {"Cargo.lock": "toml"}


def language_of(path: str) -> str | None:
    """Return "rust" or "toml" for a path, None for what has no grammar here."""
    name = PurePosixPath(path)
    return _BY_NAME.get(name.name) or _BY_SUFFIX.get(name.suffix)


@cache
def grammar(language: str) -> "Language":
    """Return the grammar of "rust" or "toml"."""
    # Imported late: a run that finds everything in the store never needs a parser.
    from tree_sitter import Language

    if language == "rust":
        import tree_sitter_rust

        return Language(tree_sitter_rust.language())
    if language == "toml":
        import tree_sitter_toml

        return Language(tree_sitter_toml.language())
    raise ValueError(f"no grammar for {language!r}")
