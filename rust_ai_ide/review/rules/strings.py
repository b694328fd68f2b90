"""Style rules about strings."""

from collections.abc import Iterator

from rust_ai_ide.review.findings import Category, Severity
from rust_ai_ide.review.rules.model import Hit, Match, RuleSet

RULES = RuleSet(Category.STYLE)


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
    """Find `\\033`, which is a NUL and two digits. Which of the two is meant, a person must decide."""
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


@RULES.match(
    "needless_raw_string_hashes",
    "Raw string with more `#` than it needs",
    Severity.INFO,
    0.97,
    "(raw_string_literal) @string",
    lint="clippy::pedantic",
)
def needless_raw_string_hashes(match: Match) -> Iterator[Hit]:
    """Find `r#"…"#` whose text would not end earlier with fewer `#`."""
    text = match.text("string")
    opening = text.find(b'"')
    hashes = text.count(b"#", 0, opening)
    if not hashes or len(text) < opening + hashes + 2:
        return
    needed, content = 0, text[opening + 1 : -hashes - 1]
    while needed < hashes and b'"' + b"#" * needed in content:
        needed += 1
    if needed == hashes:
        return
    start, end, surplus = match["string"].start_byte, match["string"].end_byte, hashes - needed
    yield match.hit(
        match["string"],
        f"This string has {surplus} `#` too many: its text holds nothing that would end it earlier",
        "Remove them at both ends.",
        edits=(
            (start + opening - surplus, start + opening, b""),
            (end - surplus, end, b""),
        ),
    )
