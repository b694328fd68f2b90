"""Style rules about numbers."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from rust_ai_ide.review.findings import Category, Severity
from rust_ai_ide.review.rules.model import Hit, Match, RuleSet
from rust_ai_ide.review.rules.numerals import Numeral, numeral
from rust_ai_ide.review.rules.patterns import NUMBER

if TYPE_CHECKING:
    from tree_sitter import Node

RULES = RuleSet(Category.STYLE)

_LONGEST_UNGROUPED = 5
_BITS = (b"8", b"16", b"32", b"64")
_LONGEST_TYPED = 100  # digits: more than the 64 of a binary number with separators
_JOINING = (b"-", b":", b"/", b".")
_NEAR = 8  # bytes
_MACRO_DEFINITION = frozenset({"macro_definition"})


@RULES.match(
    "mixed_case_hex_literals",
    "Hexadecimal digits in both cases",
    Severity.WARNING,
    0.98,
    NUMBER,
    lint="clippy::style",
    least=4,
)
def mixed_case_hex_literals(match: Match) -> Iterator[Hit]:
    """Find `0xAbc`."""
    text = match.text("number")
    if text[:2] != b"0x" or (number := numeral(text)) is None:
        return
    digits = number.integer
    if digits == digits.lower() or digits == digits.upper():
        return
    lower = sum(digits.count(digit) for digit in b"abcdef")
    upper = sum(digits.count(digit) for digit in b"ABCDEF")
    wanted = digits.lower() if lower > upper else digits.upper()
    written = b"0x" + wanted + number.suffix
    yield match.hit(
        match["number"],
        "This literal mixes upper and lower case digits",
        f"Write `{written.decode()}`.",
        edits=match.replaced(match["number"], written),
    )


@RULES.match(
    "zero_prefixed_literal",
    "Decimal number that starts with zero",
    Severity.WARNING,
    0.97,
    NUMBER,
    lint="clippy::complexity",
    least=2,
)
def zero_prefixed_literal(match: Match) -> Iterator[Hit]:
    """Find `0123`, which is octal in C and decimal in Rust. Where it may be meant so, a person must decide."""
    text = match.text("number")
    if text[:1] != b"0" or len(text) == 1 or (number := numeral(text)) is None:
        return
    if number.prefix or number.point or number.exponent or text[1:2] == b"_":
        return
    if _is_part_of_tokens(match):
        return
    digits = number.integer.lstrip(b"0_")
    if not digits or digits == number.integer:
        return
    is_decimal = b"8" in digits or b"9" in digits
    yield match.hit(
        match["number"],
        "This number is decimal in Rust, though readers of C take it for octal",
        "Remove the leading zeros, or write `0o` where octal is meant.",
        edits=match.replaced(match["number"], digits + number.suffix) if is_decimal else (),
    )


@RULES.match(
    "unreadable_literal",
    "Long number without separators",
    Severity.INFO,
    0.9,
    NUMBER,
    lint="clippy::pedantic",
    least=_LONGEST_UNGROUPED + 1,
)
def unreadable_literal(match: Match) -> Iterator[Hit]:
    """Find numbers of six digits and more in a row, before the point or after it, without `_`."""
    node = match["number"]
    number = numeral(match.text("number"))
    if number is None or not (_is_long(number.integer) or _is_long(number.fraction)):
        return
    if _is_mistyped(number) or _is_in_attribute(node) or match.unit.around(node, _MACRO_DEFINITION):
        return
    grouped = number.grouped()
    yield match.hit(
        node,
        "This number is hard to read without separators",
        f"Write `{grouped.decode()}`.",
        edits=match.replaced(node, grouped),
    )


@RULES.match(
    "mistyped_literal_suffixes",
    "Number whose last digits look like its type",
    Severity.WARNING,
    0.9,
    NUMBER,
    lint="clippy::correctness",
    least=3,
)
def mistyped_literal_suffixes(match: Match) -> Iterator[Hit]:
    """Find `2_32`, where `2_i32` or `232` is meant: which of the two, a person must decide."""
    text = match.text("number")
    if b"_" not in text:
        return
    number = numeral(text)
    if number is None or not _is_mistyped(number):
        return
    head, _, bits = text.rpartition(b"_")
    letter = b"f" if number.exponent else _letter(number)
    meant = (head.rstrip(b"_") + b"_" + letter + bits).decode()
    yield match.hit(
        match["number"],
        f"`_{bits.decode()}` are digits of this number, though they look like its type",
        f"Write `{meant}` where the type is meant, or group the digits in another way.",
    )


def _is_part_of_tokens(match: Match) -> bool:
    """Tell whether a number is joined with others in a macro, as in `date!(2024-02-01)`."""
    node = match["number"]
    if node.parent is None or node.parent.type != "token_tree":
        return False
    source = match.unit.source
    before = source[max(node.start_byte - _NEAR, 0) : node.start_byte].rstrip()[-1:]
    return before in _JOINING or source[node.end_byte : node.end_byte + _NEAR].lstrip()[:1] in _JOINING


def _is_in_attribute(node: "Node") -> bool:
    around = node.parent
    while around is not None and around.type == "token_tree":
        around = around.parent
    return around is not None and around.type == "attribute"


def _is_long(digits: bytes) -> bool:
    return len(digits) > _LONGEST_UNGROUPED and b"_" not in digits


def _is_mistyped(number: Numeral) -> bool:
    """Tell whether the last group of digits could be the type that the number before it fits."""
    if number.suffix or (number.point and not number.exponent):
        return False
    if number.exponent:
        return number.exponent.rpartition(b"_")[1:] in ((b"_", b"32"), (b"_", b"64"))
    head, _, bits = number.integer.rpartition(b"_")
    if not head.strip(b"_") or bits not in _BITS or len(head) > _LONGEST_TYPED:
        return False
    # Groups of one size, as in `0x12_34_56_64`, are a habit and no slip.
    groups = head.split(b"_")
    if number.prefix and len(groups) > 1 and all(len(group) == len(bits) for group in groups):
        return False
    return _value(number) < 1 << int(bits)


def _value(number: Numeral) -> int:
    """Return what a mistyped number is without its last group."""
    return int(number.integer.rpartition(b"_")[0].replace(b"_", b""), number.radix)


def _letter(number: Numeral) -> bytes:
    bits = int(number.integer.rpartition(b"_")[2])
    return b"i" if _value(number) < 1 << (bits - 1) else b"u"
