"""What completion must beat: the completers that editors and papers have had for long."""

from collections.abc import Sequence

from rust_ai_ide.runtime.completion.copying import propose_by_copying
from rust_ai_ide.runtime.completion.identifiers import propose_identifiers
from rust_ai_ide.runtime.tokens import Tokeniser
from rust_ai_ide.training.corpus import SourceFile
from rust_ai_ide.training.evaluation.cursors import Cursor
from rust_ai_ide.training.evaluation.ngram import Counts, NestedCache, bits

MOST_TOKENS = 32
MOST_PROJECT_TOKENS = 300_000


def by_identifier(cursor: Cursor) -> str:
    """Complete the word that is being typed by one of the file."""
    found = propose_identifiers(cursor.prefix, cursor.suffix)
    return found[0].text if found else ""


def by_copying(cursor: Cursor) -> str:
    """Copy what followed the longest match of the text before the cursor in its file."""
    found = propose_by_copying(cursor.prefix, cursor.suffix)
    return found[0].text if found else ""


class NgramCompleter:
    """A nested-cache n-gram model of one project, over the tokens of a model."""

    def __init__(self, files: Sequence[SourceFile], tokeniser: Tokeniser, vocabulary: int) -> None:
        self._tokeniser = tokeniser
        self._vocabulary = vocabulary
        self._numbers: dict[str, int] = {}
        self._names: list[str] = []
        self._counts = Counts()
        self._counted: dict[str, list[int]] = {}
        left = MOST_PROJECT_TOKENS
        for file in files:
            tokens = self._tokens(file.text)[:left]
            left -= len(tokens)
            self._counted[file.path] = tokens
            for place in range(len(tokens)):
                self._counts.add(tokens, place)

    def complete(self, cursor: Cursor) -> str:
        """Write the rest of a line by the likeliest token each time; the file above the cursor is read first."""
        tokens = self._tokens(cursor.prefix)
        with _Without(self._counts, self._counted.get(cursor.path, [])):
            model = NestedCache(self._counts, self._vocabulary)
            for place in range(len(tokens)):
                model.read(tokens, place)
            start = len(tokens)
            while len(tokens) - start < MOST_TOKENS:
                token = model.likeliest(tokens, len(tokens))
                if token is None:
                    break
                tokens.append(token)
                if "\n" in self._tokeniser.decode([self._names[token]]):
                    break
        text = self._tokeniser.decode([self._names[token] for token in tokens[start:]])
        return text.partition("\n")[0]

    def bits_per_byte(self, file: SourceFile) -> float:
        """Return how many bits a byte of the file takes, each token counted once it was read."""
        with _Without(self._counts, self._counted.get(file.path, [])):
            found = bits(NestedCache(self._counts, self._vocabulary), self._tokens(file.text))
        return found / max(1, len(file.text.encode()))

    def _tokens(self, text: str) -> list[int]:
        return [self._number(token) for token in self._tokeniser.encode(text)]

    def _number(self, token: str) -> int:
        if token not in self._numbers:
            self._numbers[token] = len(self._names)
            self._names.append(token)
        return self._numbers[token]


class _Without:
    """Counts without those of one file, for a while."""

    def __init__(self, counts: Counts, tokens: list[int]) -> None:
        self._counts, self._tokens = counts, tokens

    def __enter__(self) -> None:
        for place in range(len(self._tokens)):
            self._counts.remove(self._tokens, place)

    def __exit__(self, *_: object) -> None:
        for place in range(len(self._tokens)):
            self._counts.add(self._tokens, place)
