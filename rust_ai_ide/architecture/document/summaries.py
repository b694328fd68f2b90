"""What a module says about itself in its first lines."""

import re

_MOST_LINES = 200
_DOC = re.compile(r"\s*//!\s?(.*)")
_SKIPPED = re.compile(r"\s*(//(?!!)|#!\[|$)")
_SENTENCE = re.compile(r"(.+?[.!?])(?:\s|$)")
_LONGEST = 200


def first_sentence(source: bytes) -> str:
    """Return the first sentence of the `//!` comment that a file begins with, "" where it has none."""
    words: list[str] = []
    for line in source.decode("utf-8", "replace").removeprefix("\ufeff").splitlines()[:_MOST_LINES]:
        match = _DOC.match(line)
        if match is None and (words or not _SKIPPED.match(line)):
            break
        if match is None:
            continue
        text = match[1].strip()
        if not text and words:
            break
        # Headings and pictures are no sentences.
        if text and not text.startswith(("#", "[!", "<", "![", "```")):
            words.append(text)
    whole = " ".join(words)
    found = _SENTENCE.match(whole)
    sentence = found[1] if found else whole
    return sentence if len(sentence) <= _LONGEST else f"{sentence[: _LONGEST - 1]}…"
