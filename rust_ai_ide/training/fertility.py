"""How many tokens a tokeniser makes of texts: fewer mean more text in a window, and fewer steps to write it.

Rust et al., "How good is your tokenizer?" (2021), call tokens a word its fertility.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fertility:
    """Tokens of texts, their bytes in UTF-8, and their words, which stand between spaces."""

    tokens: int
    size: int
    words: int

    def __str__(self) -> str:
        """Return tokens a byte and a word in words."""
        return f"{self.tokens / max(1, self.size):.3f} a byte, {self.tokens / max(1, self.words):.2f} a word"


def fertility(texts: Iterable[str], encode: Callable[[str], Sequence[object]]) -> Fertility:
    """Count the tokens of texts by what `encode` returns for each."""
    tokens = size = words = 0
    for text in texts:
        tokens += len(encode(text))
        size += len(text.encode())
        words += len(text.split())
    return Fertility(tokens, size, words)
