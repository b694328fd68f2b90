"""Completes the identifier that is being typed from those around it."""

import re
from collections.abc import Iterable

from rust_ai_ide.runtime.completion.copying import Proposal

BEFORE = 100_000
AFTER = 50_000
"""Characters around the cursor in which identifiers are looked for."""
MOST_PROPOSALS = 5
SHORTEST = 3
"""A shorter identifier saves nobody a key."""

_TYPED = re.compile(r"(?:r#)?([^\W\d]\w*)$")
_TOKEN = re.compile(r'//[^\n]*|/\*.*?\*/|"(?:[^"\\]|\\.)*"|([^\W\d]\w*)', re.DOTALL)


def in_scope_identifiers(before: str, after: str = "") -> list[str]:
    """Return the identifiers around a cursor, the latest before it first, then those after it, each once.

    Words in comments and strings are none; a word that is being typed is left out.
    """
    typed = _TYPED.search(before)
    earlier = before[-BEFORE : typed.start() if typed else None] if before else ""
    found = dict.fromkeys(reversed(_words(earlier)))
    found |= dict.fromkeys(_words(after[:AFTER]))
    return list(found)


def propose_identifiers(before: str, after: str = "", defined: Iterable[str] = ()) -> list[Proposal]:
    """Return how the identifier that is being typed could end, by those around and then those `defined` elsewhere.

    Of those around, what was used often and lately comes first. None where no identifier is being typed, or where
    the cursor stands inside of one.
    """
    typed = _TYPED.search(before)
    if typed is None or re.match(r"\w", after):
        return []
    start = typed[1]
    earlier, later = _words(before[-BEFORE : typed.start()]), _words(after[:AFTER])
    scores: dict[str, float] = {}
    for distance, word in enumerate(reversed(earlier)):
        if word.startswith(start):
            scores[word] = scores.get(word, 0.0) + 1 / (distance + 10)
    for distance, word in enumerate(later):
        if word.startswith(start):
            scores[word] = scores.get(word, 0.0) + 0.5 / (distance + 10)
    for word in defined:
        if word.startswith(start):
            scores.setdefault(word, 0.0)
    words = [word for word in scores if len(word) >= SHORTEST and word != start]
    words.sort(key=lambda word: -scores[word])
    return [Proposal(word[len(start) :], len(start), "identifier") for word in words[:MOST_PROPOSALS]]


def _words(text: str) -> list[str]:
    return [word for word in _TOKEN.findall(text) if word]
