"""Tells Rust that people wrote from generated code, tables and foreign-function bindings."""

import re
import string

MOST_BYTES = 200_000
LEAST_BYTES = 200
LONGEST_LINE = 400
_MEAN_LINE = 80
_LEAST_LETTERS = 0.35
_MOST_DIGITS = 0.15
_MOST_FOREIGN = 0.5
# SentencePiece writes a space as this character, so a text that has it could not come back as it was.
WRITTEN_SPACE = "▁"
_GENERATED = re.compile(
    r"@generated|automatically generated|auto-?generated|generated (?:by|from|code|file)|do not (?:edit|modify)|"
    r"bindgen|this file (?:is|was) generated",
    re.IGNORECASE,
)
_HEAD_CHARACTERS = 1_000
# What every match of the expression above has in it.
_SIGNS = ("generated", "do not ", "bindgen")
# Of ASCII, what is a letter, a digit and a space to Python.
_KINDS = (string.ascii_letters.encode(), string.digits.encode(), b" \t\n\r\f\v\x1c\x1d\x1e\x1f")
_FOREIGN = re.compile(
    r'^\s*(?:pub )?(?:const \w+: \w+ = |type \w+ = |static \w+: |fn \w+\(.*\)(?: -> [^{]*)?;|unsafe extern "|'
    r"#\[link|#\[repr\(C|pub \w+: (?:\*(?:mut|const) |c_|\[?u\d|\[?i\d))",
    re.MULTILINE,
)


def reason_to_drop(data: bytes, least: int = LEAST_BYTES, most: int = MOST_BYTES) -> str:
    """Return why a Rust file teaches nothing, in one or two words, or "" where it is kept.

    `least` and `most` bound its bytes; `least` is at least 1.
    """
    if len(data) > most:
        return "too large"
    if len(data) < least:
        return "too small"
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return "not UTF-8"
    if "\0" in text or WRITTEN_SPACE in text:
        return "odd characters"
    return _of_text(text)


def _of_text(text: str) -> str:
    lines = text.splitlines()
    if max(map(len, lines)) > LONGEST_LINE or len(text) / len(lines) > _MEAN_LINE:
        return "long lines"
    if _is_generated(text[:_HEAD_CHARACTERS]):
        return "generated"
    letters, digits, written = _characters(text)
    if digits / written > _MOST_DIGITS or letters / written < _LEAST_LETTERS:
        return "table"
    code = [line for line in lines if (bare := line.strip()) and not bare.startswith("//")]
    return "bindings" if len(code) > 20 and _is_foreign(code) else ""


def _is_foreign(code: list[str]) -> bool:
    """Return whether most lines declare what is foreign; no more are looked at than it takes to deny it."""
    others = 0
    for line in code:
        if not _FOREIGN.match(line):
            others += 1
            if 1 - others / len(code) <= _MOST_FOREIGN:
                return False
    return True


def _is_generated(head: str) -> bool:
    # The expression is slow, and most heads have none of its words.
    if head.isascii() and not any(sign in head.lower() for sign in _SIGNS):
        return False
    return _GENERATED.search(head) is not None


def _characters(text: str) -> tuple[int, int, int]:
    """Return how many letters, digits and characters that are no space a text has; of the last at least one."""
    if not text.isascii():
        packed = "".join(text.split())
        return sum(map(str.isalpha, packed)), sum(map(str.isdigit, packed)), len(packed) or 1
    # Counting what is left without them is fifty times quicker than asking each character.
    data = text.encode()
    letters, digits, spaces = (len(data) - len(data.translate(None, each)) for each in _KINDS)
    return letters, digits, len(data) - spaces or 1
