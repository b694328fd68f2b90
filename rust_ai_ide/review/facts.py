"""What is known about a file from its content alone, in a form that is quick to store and to read."""

import json
from dataclasses import astuple, dataclass, fields
from typing import Any

from rust_ai_ide.review.findings import Category, Edit, Severity

_CATEGORIES = tuple(Category)
_SEVERITIES = tuple(Severity)


@dataclass(frozen=True, slots=True)
class Fact:
    """A finding before the path and the configuration have had their say.

    `where` is the letter of the rule's `Where`; `detail` is for rules that judge the path.
    """

    rule: str
    category: Category
    severity: Severity
    confidence: float
    start_line: int
    start_column: int
    end_line: int
    end_column: int
    message: str
    suggestion: str
    fingerprint: str
    where: str
    in_test: bool
    detail: str
    fix: tuple[Edit, ...] = ()


_WITHOUT_FIX = len(fields(Fact)) - len(("rule", "category", "severity", "fix"))


@dataclass(frozen=True, slots=True)
class Facts:
    """What one content yields. `crate_allows` names the rules that it silences as a crate root."""

    lines: int
    facts: tuple[Fact, ...] = ()
    notes: tuple[str, ...] = ()
    crate_allows: tuple[str, ...] = ()
    is_generated: bool = False
    is_analysed: bool = True

    def to_bytes(self) -> bytes:
        """Return the stored form."""
        rows = [
            (
                fact.rule,
                _CATEGORIES.index(fact.category),
                fact.severity.rank,
                fact.confidence,
                fact.start_line,
                fact.start_column,
                fact.end_line,
                fact.end_column,
                fact.message,
                fact.suggestion,
                fact.fingerprint,
                fact.where,
                fact.in_test,
                fact.detail,
                *([[astuple(edit) for edit in fact.fix]] if fact.fix else []),
            )
            for fact in self.facts
        ]
        document = (self.lines, rows, self.notes, self.crate_allows, self.is_generated, self.is_analysed)
        return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode(errors="replace")


def facts_from_bytes(data: bytes, least: Severity = Severity.INFO) -> Facts:
    """Read the stored form back, leaving out what is graded below `least`; ValueError for anything else."""
    try:
        lines, rows, notes, crate_allows, is_generated, is_analysed = json.loads(data)
        floor = least.rank
        facts = tuple(_fact(row) for row in rows if row[2] >= floor)
    except (IndexError, KeyError, TypeError) as error:
        raise ValueError("not stored facts") from error
    return Facts(lines, facts, tuple(notes), tuple(crate_allows), is_generated, is_analysed)


def _fact(row: list[Any]) -> Fact:
    rule, category, severity, *others = row
    if len(others) > _WITHOUT_FIX:
        others[-1] = tuple(Edit(*edit) for edit in others[-1])
    return Fact(rule, _CATEGORIES[category], _SEVERITIES[severity], *others)
