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
_LETTERS, _DIGITS = string.ascii_letters.encode(), string.digits.encode()
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
    if _GENERATED.search(text[:_HEAD_CHARACTERS]):
        return "generated"
    packed = "".join(text.split())
    letters, digits = _letters_and_digits(packed)
    written = len(packed) or 1
    if digits / written > _MOST_DIGITS or letters / written < _LEAST_LETTERS:
        return "table"
    code = [line for line in lines if (bare := line.strip()) and not bare.startswith("//")]
    if len(code) > 20 and sum(bool(_FOREIGN.match(line)) for line in code) / len(code) > _MOST_FOREIGN:
        return "bindings"
    return ""


def _letters_and_digits(text: str) -> tuple[int, int]:
    if not text.isascii():
        return sum(map(str.isalpha, text)), sum(map(str.isdigit, text))
    # Counting what is left without them is fifty times quicker than asking each character.
    data = text.encode()
    return len(data) - len(data.translate(None, _LETTERS)), len(data) - len(data.translate(None, _DIGITS))
