"""The parts of a number as it is written."""

import re
from dataclasses import dataclass
from functools import lru_cache

_INTEGER_TYPES = rb"[iu](?:8|16|32|64|128|size)"
_BASED = re.compile(
    rb"(?P<prefix>0[xob])(?P<integer>[0-9a-fA-F_]*[0-9a-fA-F])(?P<suffix>_*(?:" + _INTEGER_TYPES + rb")?)"
)
_DECIMAL = re.compile(
    rb"(?P<integer>[0-9](?:_*[0-9])*)(?P<point>_*\.)?(?P<fraction>[0-9](?:_*[0-9])*)?"
    rb"(?P<exponent>_*[eE][+-]?_*[0-9](?:_*[0-9])*)?(?P<suffix>_*(?:" + _INTEGER_TYPES + rb"|f32|f64)?)"
)
_RADIX = {b"": 10, b"0x": 16, b"0o": 8, b"0b": 2}


@dataclass(frozen=True, slots=True)
class Numeral:
    """A number as it is written: the parts in a row are its text."""

    prefix: bytes
    integer: bytes
    point: bytes
    fraction: bytes
    exponent: bytes
    suffix: bytes

    @property
    def radix(self) -> int:
        """Return 2, 8, 10 or 16."""
        return _RADIX[self.prefix]

    def grouped(self) -> bytes:
        """Return the number with `_` between its digits, by fours where a digit is a power of two."""
        size = 4 if self.radix in (2, 16) else 3
        digits, decimals = (part.replace(b"_", b"") for part in (self.integer, self.fraction))
        first = len(digits) % size
        groups = ([digits[:first]] if first else []) + _pieces(digits[first:], size)
        fraction = b"_".join(_pieces(decimals, size))
        return self.prefix + b"_".join(groups) + self.point + fraction + self.exponent + self.suffix


@lru_cache(maxsize=4096)
def numeral(text: bytes) -> Numeral | None:
    """Return the parts of a literal, None for what is no number of today's Rust."""
    pattern = _BASED if text[:2] in _RADIX else _DECIMAL
    match = pattern.fullmatch(text)
    if match is None:
        return None
    parts = match.groupdict(b"")
    return Numeral(*(parts.get(name, b"") for name in Numeral.__slots__))


def _pieces(digits: bytes, size: int) -> list[bytes]:
    return [digits[at : at + size] for at in range(0, len(digits), size)]
