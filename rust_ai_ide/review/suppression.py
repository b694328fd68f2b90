"""Our own suppression comments: `// rust-ai-ide: allow(rule_a, rule_b) -- reason`."""

import re
from bisect import bisect_right
from dataclasses import dataclass, field

from rust_ai_ide.review.unit import COMMENTS, Unit

_MARK = b"rust-ai-ide:"
_COMMENT = re.compile(rb"//[/!]*[ \t]*rust-ai-ide:[ \t]*allow\(([^()\n]*)\)[ \t]*(?:--[ \t]*(\S[^\n]*))?")
_SKIPPED = (b"//", b"#[", b"#![")


@dataclass(slots=True)
class Suppression:
    """One comment: the rules it names, the line (from 0) it speaks about, and those rules it silenced."""

    start: int
    end: int
    line: int
    rules: tuple[str, ...]
    has_reason: bool
    used: set[str] = field(default_factory=set)


def suppressions(unit: Unit, line_starts: list[int]) -> list[Suppression]:
    """Return the suppression comments of a file."""
    if _MARK not in unit.source:
        return []
    found = []
    for match in _COMMENT.finditer(unit.source):
        node = unit.root.descendant_for_byte_range(match.start(), match.start() + 1)
        if node is None or node.type not in COMMENTS | {"//"}:
            continue  # inside a string
        rules = tuple(name.strip().decode(errors="replace") for name in match[1].split(b",") if name.strip())
        line = bisect_right(line_starts, match.start()) - 1
        if not unit.source[line_starts[line] : match.start()].strip():
            line = _next_code_line(unit.source, line_starts, line + 1)
        found.append(Suppression(match.start(), match.end(), line, rules, match[2] is not None))
    return found


def _next_code_line(source: bytes, line_starts: list[int], line: int) -> int:
    """Skip the comments and attributes that may stand between a suppression and its code."""
    while line < len(line_starts):
        end = line_starts[line + 1] if line + 1 < len(line_starts) else len(source)
        text = source[line_starts[line] : end].strip()
        if text and not text.startswith(_SKIPPED):
            break
        line += 1
    return line
