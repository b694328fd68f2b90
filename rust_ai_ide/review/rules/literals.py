"""Style rules about literals."""

import re
from collections.abc import Iterator

from rust_ai_ide.review.findings import Category, Severity
from rust_ai_ide.review.rules.model import Hit, Match, RuleSet
from rust_ai_ide.review.rules.patterns import INTEGER

RULES = RuleSet(Category.STYLE)

_SUFFIX = re.compile(rb"_?[iu](?:8|16|32|64|128|size)$|_?f(?:32|64)$")
_LONGEST_UNGROUPED = 6


@RULES.match(
    "mixed_case_hex_literals",
    "Hexadecimal digits in both cases",
    Severity.WARNING,
    0.98,
    INTEGER,
    lint="clippy::style",
)
def mixed_case_hex_literals(match: Match) -> Iterator[Hit]:
    """Find `0xAbc`."""
    text = match.text("number")
    if text.startswith(b"0x"):
        digits = _SUFFIX.sub(b"", text[2:])
        if digits != digits.lower() and digits != digits.upper():
            yield match.hit(
                match["number"], "This literal mixes upper and lower case digits", "Choose one case."
            )


@RULES.match(
    "zero_prefixed_literal",
    "Decimal number that starts with zero",
    Severity.WARNING,
    0.97,
    INTEGER,
    lint="clippy::complexity",
)
def zero_prefixed_literal(match: Match) -> Iterator[Hit]:
    """Find `0123`, which is octal in C and decimal in Rust."""
    digits = _SUFFIX.sub(b"", match.text("number"))
    if digits.startswith(b"0") and digits.replace(b"_", b"").isdigit() and digits.strip(b"0_"):
        message = "This number is decimal in Rust, though readers of C take it for octal"
        yield match.hit(
            match["number"], message, "Remove the leading zeros, or write `0o` where octal is meant."
        )


@RULES.match(
    "unreadable_literal",
    "Long number without separators",
    Severity.INFO,
    0.9,
    INTEGER,
    lint="clippy::pedantic",
)
def unreadable_literal(match: Match) -> Iterator[Hit]:
    """Find decimal numbers of seven digits and more without `_`."""
    digits = _SUFFIX.sub(b"", match.text("number"))
    if len(digits) > _LONGEST_UNGROUPED and digits.isdigit():
        grouped = f"{int(digits):,}".replace(",", "_")
        yield match.hit(
            match["number"], "This number is hard to read without separators", f"Write `{grouped}`."
        )


@RULES.match(
    "octal_escapes",
    "String escape that looks octal",
    Severity.WARNING,
    0.9,
    "(escape_sequence) @name",
    names=("\\0",),
    lint="clippy::suspicious",
)
def octal_escapes(match: Match) -> Iterator[Hit]:
    """Find `\\033`, which is a NUL and two digits."""
    end = match["name"].end_byte
    following = match.unit.source[end : end + 2]
    digits = len(following) - len(following.lstrip(b"01234567"))
    if digits:
        written = match.unit.source[match["name"].start_byte : end + digits].decode()
        yield Hit(
            match["name"].start_byte,
            end + digits,
            f"`{written}` is a NUL followed by digits: Rust has no octal escapes",
            "Write the character as `\\x…`, or the NUL as `\\x00`.",
        )
