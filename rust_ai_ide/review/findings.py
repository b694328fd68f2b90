"""What a review says: findings, and the words they are graded by."""

from dataclasses import dataclass
from enum import StrEnum


class Category(StrEnum):
    """The four kinds of concern a rule belongs to."""

    STYLE = "style"
    PERFORMANCE = "performance"
    SECURITY = "security"
    ARCHITECTURE = "architecture"


class Severity(StrEnum):
    """How much a finding matters, least first."""

    INFO = "info"
    WARNING = "warning"
    ERROR = "error"
    CRITICAL = "critical"

    @property
    def rank(self) -> int:
        """Return the place in the order, 0 for the least."""
        return _RANKS[self]


_RANKS = {severity: rank for rank, severity in enumerate(Severity)}


@dataclass(frozen=True, slots=True)
class Edit:
    """A stretch of the file and the text to put in its place; lines and columns count as in a finding."""

    start_line: int
    start_column: int
    end_line: int
    end_column: int
    text: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One remark of one rule about one place in one file.

    Lines and columns count from 1; columns count Unicode characters; the end is exclusive in its column.
    `confidence` is between 0 and 1. `fingerprint` is stable while the code around it is the same, wherever
    the lines move to. `suggestion` is advice in words, possibly empty; `fix` are the edits that follow it, in
    the order of their places, none where a person must decide.
    """

    rule: str
    category: Category
    severity: Severity
    confidence: float
    path: str
    start_line: int
    start_column: int
    end_line: int
    end_column: int
    message: str
    suggestion: str
    fingerprint: str
    fix: tuple[Edit, ...] = ()
