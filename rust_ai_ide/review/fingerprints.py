"""Identities of findings that survive when the lines around them move."""

import hashlib
from collections import Counter
from typing import TYPE_CHECKING

from rust_ai_ide.review.unit import ITEMS

if TYPE_CHECKING:
    from rust_ai_ide.review.unit import Unit

_MAX_LINES = 3
_LONG = 2_000
_SHORT = 400


class Fingerprinter:
    """Gives the findings of one file their fingerprints, in the order of their places.

    A fingerprint is made of the rule, the signatures of the items around the place, the flagged lines
    without their indentation, and a count among equals. It holds neither line number nor path, so it
    stays the same when code moves; path and fingerprint together identify a finding in a project.
    """

    def __init__(self, unit: "Unit", line_starts: list[int]) -> None:
        self._unit = unit
        self._line_starts = [*line_starts, len(unit.source) + 1]
        self._signatures: dict[int, bytes] = {-1: b""}
        self._seen: Counter[bytes] = Counter()

    def of(self, rule: str, start: int, first_line: int, last_line: int) -> str:
        """Return the fingerprint of a finding at a byte, on lines that count from 0."""
        last = min(last_line, first_line + _MAX_LINES - 1)
        starts = self._line_starts
        lines = self._unit.source[starts[first_line] : starts[last + 1]]
        if len(lines) > _LONG:
            # Of lines that nobody wrote by hand, which may hold thousands of findings, the text from the place on.
            lines = self._unit.source[start : start + _SHORT]
        scope = self._unit.innermost(start)
        digest = hashlib.blake2b(
            b"\0".join((rule.encode(), self._signature(scope), _normal(lines))), digest_size=10
        )
        bare = digest.digest()
        self._seen[bare] += 1
        digest.update(b"\0%d" % self._seen[bare])
        return digest.hexdigest()

    def _signature(self, index: int) -> bytes:
        """Return the signatures of the items around a scope, outermost first."""
        if index not in self._signatures:
            scope = self._unit.scopes[index]
            around = self._signature_of_parents(scope.parent)
            own = b""
            if scope.kind in ITEMS:
                body = scope.node.child_by_field_name("body")
                end = body.start_byte if body else scope.end
                own = _normal(self._unit.source[scope.start : end])
            self._signatures[index] = around + b"\0" + own if own else around
        return self._signatures[index]

    def _signature_of_parents(self, index: int) -> bytes:
        # Fill the cache from the outside in, so that no recursion grows with the nesting of the code.
        chain = []
        while index not in self._signatures:
            chain.append(index)
            index = self._unit.scopes[index].parent
        for known in reversed(chain):
            self._signature(known)
        return self._signatures[chain[0]] if chain else self._signatures[index]


def _normal(text: bytes) -> bytes:
    return b" ".join(text.split())
