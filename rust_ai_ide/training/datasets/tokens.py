"""Counts the tokens of a dataset by the tokeniser of a model."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from rust_ai_ide.observability.events import Progressed, Report
from rust_ai_ide.runtime.library import SHIPPED, find_model
from rust_ai_ide.runtime.manifest import read_manifest
from rust_ai_ide.runtime.tokens import Tokeniser, load_tokeniser
from rust_ai_ide.source.isolation import WorkFailed
from rust_ai_ide.training.datasets.children import WORTH_CHILDREN, Children, batches
from rust_ai_ide.training.datasets.reading import Row

NONE = "none"
"""Given in place of a model, it leaves tokens uncounted."""
_STARTER = SHIPPED / "starter"
_BATCH = 400_000


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
    manifest = read_manifest(folder)
    encode = load_tokeniser(folder).encode
    # The key of an encrypted model is not for children.
    alone = folder if manifest.encryption is None else None

    def count(rows: Sequence[Row], report: Report) -> TokenCount:
        report(Progressed("Counting tokens", 0, len(rows)))
        texts = [row.text for row in rows]
        here = (len(encode(text)) for text in texts)
        tokens = sum(_spread(texts, alone, report) if alone and len(rows) >= WORTH_CHILDREN else here)
        return TokenCount(manifest.id, tokens, sum(len(text.split()) for text in texts))

    return count


def count_each(asked: list[tuple[Path, str]]) -> list[int]:
    """Return how many tokens each text has by the tokeniser of a model folder."""
    return [len(_tokeniser(folder).encode(text)) for folder, text in asked]


@cache
def _tokeniser(folder: Path) -> Tokeniser:
    return load_tokeniser(folder)


def _spread(texts: Sequence[str], folder: Path, report: Report) -> Iterator[int]:
    """Yield the number of tokens of each text, counted in children."""
    children = Children(count_each)
    asked = ((folder, text) for text in texts)
    try:
        for done, (_, found) in enumerate(
            children.answers(batches(asked, lambda each: len(each[1]), _BATCH))
        ):
            if isinstance(found, WorkFailed):
                raise found
            report(Progressed("Counting tokens", done, len(texts)))
            yield found
    finally:
        children.close()


def _folder(model: str) -> Path | None:
    if model == NONE:
        return None
    if model:
        return find_model(model)[0]
    return _STARTER if _STARTER.is_dir() else None
