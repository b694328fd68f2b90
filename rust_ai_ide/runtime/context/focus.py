"""What a request is about: the words near a cursor or in a question, weighted by how near they are."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from rust_ai_ide.runtime.context.facts import Definition
from rust_ai_ide.runtime.context.imports import imports
from rust_ai_ide.runtime.context.words import identifiers, question_words, subwords

LINES_BEFORE = 60
LINES_AFTER = 20
HALF_DISTANCE = 10
"""In lines: a word that far from the cursor weighs half."""
AFTER_CURSOR = 0.5
IMPORTED = 1.0
OWNER = 0.8
MOST_OF_FILE = 200_000
"""Imports are looked for in so many characters from the top of a file."""


@dataclass(frozen=True, slots=True)
class Cursor:
    """A place in an open file. `text` is the file as it is in the editor, `offset` counts characters.

    `shown` is the range of characters that the prompt holds anyway; None for all of the file.
    """

    path: str
    text: str
    offset: int
    shown: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Focus:
    """Weighted words: `names` as they are written, `parts` the words inside them; `imported` paths by name."""

    names: Mapping[str, float]
    parts: Mapping[str, float]
    imported: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def focus_of_cursor(cursor: Cursor, enclosing: Definition | None) -> Focus:
    """Return the words around a cursor, those of the imports and of the type whose function it stands in."""
    offset = max(0, min(cursor.offset, len(cursor.text)))
    before = cursor.text[:offset].splitlines()[-LINES_BEFORE:]
    after = cursor.text[offset : offset + 10_000].splitlines()[:LINES_AFTER]
    names: dict[str, float] = {}
    for lines, weight in ((before[::-1], 1.0), (after, AFTER_CURSOR)):
        for distance, line in enumerate(lines):
            _raise(names, identifiers(line[:1_000]), weight * 0.5 ** (distance / HALF_DISTANCE))
    parts: dict[str, float] = {}
    for name, weight in names.items():
        _raise(parts, subwords(name), weight)
    imported = {path[-1]: path for path, _ in imports(cursor.text[:MOST_OF_FILE]) if path[-1] != "*"}
    _raise(names, list(imported), IMPORTED)
    if enclosing is not None and enclosing.owner:
        _raise(names, [enclosing.owner], OWNER)
    return Focus(names, parts, imported)


def focus_of_question(question: str) -> Focus:
    """Return the words of a question."""
    words = question_words(question[:10_000])
    return Focus(dict.fromkeys(words, 1.0), {part: 1.0 for word in words for part in subwords(word)})


def _raise(weights: dict[str, float], words: "list[str] | tuple[str, ...]", weight: float) -> None:
    for word in words:
        weights[word] = max(weight, weights.get(word, 0.0))
