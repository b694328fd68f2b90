"""How much a Rust file is worth learning from: a score from 0 to 1 of what can be measured in it.

score = 0.35 syntax + 0.20 names + 0.20 variety + 0.10 comments + 0.10 lines + 0.05 code

Each part is from 0 to 1, `_between(x, worst, best)` growing evenly from the one to the other.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from rust_ai_ide.source.syntax.languages import grammar

if TYPE_CHECKING:
    from tree_sitter import Query, Tree

STEPS = 10
LONG_LINE = 100
_NAME = re.compile(r"[a-z_][a-z0-9_]+|[a-z]")
_WORD = re.compile(r"\w+")
_KEYWORDS = frozenset(
    _WORD.findall(
        "as async await break const continue crate dyn else enum extern false fn for if impl in let loop "
        "match mod move mut pub ref return self static struct super trait true type unsafe use where while "
        "i8 i16 i32 i64 i128 isize u8 u16 u32 u64 u128 usize f32 f64 bool str char"
    )
)


@dataclass(frozen=True, slots=True)
class Quality:
    """The parts of a score, each from 0 to 1."""

    syntax: float
    names: float
    variety: float
    comments: float
    lines: float
    code: float

    @property
    def score(self) -> float:
        """Return the weighted sum, from 0 to 1."""
        return (
            0.35 * self.syntax
            + 0.20 * self.names
            + 0.20 * self.variety
            + 0.10 * self.comments
            + 0.10 * self.lines
            + 0.05 * self.code
        )


def quality_of(text: str, words: Iterable[str], tree: "Tree", test_share: float) -> Quality:
    """Measure a text by its words and its syntax tree; `test_share` is the share of its bytes that are tests."""
    lines = [bare for line in text.splitlines() if (bare := line.strip())]
    commented = sum(line.startswith(("//", "/*", "*")) for line in lines) / max(1, len(lines))
    return Quality(
        # A tenth of the text that the parser could not read spoils it wholly.
        syntax=_between(_broken_share(tree), 0.1, 0.0),
        names=_between(_mean_name(words), 1.5, 5.0),
        variety=_between(_variety(lines), 0.3, 0.8),
        # Few comments halve the part, since good code has them; a text that is all comment teaches no code.
        comments=min(_between(commented, -0.05, 0.05), _between(commented, 0.95, 0.6)),
        lines=_between(sum(len(line) > LONG_LINE for line in lines) / max(1, len(lines)), 0.2, 0.0),
        code=1 - test_share,
    )


def step_of(score: float) -> int:
    """Return which of the ten equal steps from 0 to 1 a score lies in."""
    return min(STEPS - 1, int(score * STEPS))


def _mean_name(words: Iterable[str]) -> float:
    names = {word for word in set(words) - _KEYWORDS if _NAME.fullmatch(word)}
    return sum(map(len, names)) / len(names) if names else 0.0


def _variety(lines: Sequence[str]) -> float:
    """Return the share of different lines among those that say something."""
    telling = [line for line in lines if len(line) > 3]
    return len(set(telling)) / len(telling) if telling else 1.0


def _broken_share(tree: "Tree") -> float:
    root = tree.root_node
    if not root.has_error:
        return 0.0
    from tree_sitter import QueryCursor

    broken = QueryCursor(_errors()).captures(root).get("error", [])
    spoilt, end = 0, 0
    for start, stop in sorted((node.start_byte, max(node.end_byte, node.start_byte + 1)) for node in broken):
        spoilt += max(0, stop - max(start, end))
        end = max(end, stop)
    return spoilt / max(1, root.end_byte)


@cache
def _errors() -> "Query":
    from tree_sitter import Query

    return Query(grammar("rust"), "[(ERROR) (MISSING)] @error")


def _between(value: float, worst: float, best: float) -> float:
    return min(1.0, max(0.0, (value - worst) / (best - worst)))
