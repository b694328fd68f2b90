"""Security rules about encryption that no longer protects."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from rust_ai_ide.review.findings import Category, Severity
from rust_ai_ide.review.rules.model import Hit, RuleSet, Where
from rust_ai_ide.review.rules.telling import speaks_of_ciphers

if TYPE_CHECKING:
    from rust_ai_ide.review.unit import Unit

RULES = RuleSet(Category.SECURITY)

_WEAK = re.compile(
    rb"""(?<![\w:]) (?:
        (?P<crate>des|rc4|rc2|ecb|blowfish) ::\s*[\w{*]
        | (?P<mode>Ecb) <
        | (?:\w+::)* Cipher:: (?P<function>(?:des|rc4|rc2|bf)(?:_\w+)?|(?:aes|camellia|seed)_\w*ecb) \s*\(
    )""",
    re.VERBOSE,
)
# Ciphers that nobody uses but to read what others wrote: who names them offers all that a format knows.
_OTHERS = re.compile(
    rb"\b(?:cast5|camellia|idea|seed)::|Cipher::(?:camellia|cast5|idea|seed)_|\b(?:Camellia128|Cast5|CAST5)\b"
)
_PASSIVE = frozenset({"line_comment", "block_comment", "string_literal", "string_content", "doc_comment"})
_REASONS = {
    b"des": "The keys of DES can be tried out, and the blocks of Triple DES repeat in large data",
    b"rc4": "What RC4 writes is not random: parts of the text can be told from it",
    b"rc2": "The blocks of RC2 are so small that they repeat in large data",
    b"bf": "The blocks of Blowfish are so small that they repeat in large data",
    b"ecb": "In ECB mode equal blocks of text stay equal, so its pattern shows through",
}


def _cipher(found: re.Match[bytes]) -> bytes:
    """Return what is weak, as a key of the reasons."""
    if found["function"]:
        function = found["function"]
        return b"ecb" if function.endswith(b"ecb") else function.partition(b"_")[0]
    crate = found["crate"] or b"ecb"
    return b"bf" if crate == b"blowfish" else crate


def _is_code(unit: "Unit", start: int, end: int) -> bool:
    node = unit.root.descendant_for_byte_range(start, end)
    return node is not None and node.type not in _PASSIVE


def _is_own(unit: "Unit", found: re.Match[bytes]) -> bool:
    """Tell whether a module of this name is declared here, or Blowfish is the part of bcrypt that it is fit for."""
    crate = found["crate"]
    if crate == b"blowfish" and b"bcrypt" in unit.source:
        return True
    return crate is not None and re.search(rb"\bmod\s+" + crate + rb"\b", unit.source) is not None


@RULES.file("weak_cipher", "Broken cipher", Severity.WARNING, 0.75, where=Where.PRODUCTION)
def weak_cipher(unit: "Unit") -> Iterator[Hit]:
    """Find DES, Triple DES, RC4, RC2, Blowfish and the mode ECB, each at the first place in a file."""
    if not speaks_of_ciphers(unit.source):
        return
    is_choice = _OTHERS.search(unit.source) is not None
    seen: set[bytes] = set()
    for found in _WEAK.finditer(unit.source):
        cipher = _cipher(found)
        if cipher in seen or is_choice or _is_own(unit, found) or not _is_code(unit, *found.span()):
            continue
        if unit.in_test(found.start()):
            continue
        seen.add(cipher)
        end = found.end() - 1 if not found["function"] else found.end("function")
        suggestion = "Use AES-GCM or ChaCha20-Poly1305, which also tell when somebody changed the text."
        yield Hit(found.start(), end, _REASONS[cipher], suggestion)
