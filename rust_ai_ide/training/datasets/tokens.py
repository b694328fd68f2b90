"""Counts the tokens of a dataset by the tokeniser of a model."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from rust_ai_ide.observability.events import Progressed, Report
from rust_ai_ide.runtime.library import SHIPPED, find_model
from rust_ai_ide.runtime.manifest import read_manifest
from rust_ai_ide.runtime.tokens import load_tokeniser
from rust_ai_ide.training.datasets.reading import Row
from rust_ai_ide.training.fertility import fertility

NONE = "none"
"""Given in place of a model, it leaves tokens uncounted."""
_STARTER = SHIPPED / "starter"
_EACH = 50


@dataclass(frozen=True, slots=True)
class TokenCount:
    """The model whose tokeniser counted, and what it counted; nothing where none did."""

    tokeniser: str = ""
    tokens: int | None = None
    words: int = 0


Counter = Callable[[Sequence[Row], Report], TokenCount]


def token_counter(model: str) -> Counter:
    """Return what counts the tokens of rows by the tokeniser of a model, the shipped one where that is "".

    Raises ModelNotFound and InvalidConfig.
    """
    folder = _folder(model)
    if folder is None:
        return lambda rows, report: TokenCount()
    tokeniser, name = load_tokeniser(folder), read_manifest(folder).id

    def count(rows: Sequence[Row], report: Report) -> TokenCount:
        found = fertility(_told(rows, report), tokeniser.encode)
        return TokenCount(name, found.tokens, found.words)

    return count


def _told(rows: Sequence[Row], report: Report) -> Iterator[str]:
    """Yield the texts, and tell how many were asked for."""
    for done, row in enumerate(rows):
        if done % _EACH == 0:
            report(Progressed("Counting tokens", done, len(rows)))
        yield row.text


def _folder(model: str) -> Path | None:
    if model == NONE:
        return None
    if model:
        return find_model(model)[0]
    return _STARTER if _STARTER.is_dir() else None
