"""What is known about a file from its content alone, in a form that is quick to store and to read."""

import json
from dataclasses import astuple, dataclass
from sys import intern
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


@dataclass(frozen=True, slots=True)
class DeclaredModule:
    """A `mod name;` whose attributes make it test code, or silence rules in its file."""

    name: str
    is_test: bool
    allows: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Facts:
    """What one content yields.

    `crate_allows` names the rules that it silences in all files below it, `modules` what it says of modules that lie
    in files of their own.
    """

    lines: int
    facts: tuple[Fact, ...] = ()
    notes: tuple[str, ...] = ()
    crate_allows: tuple[str, ...] = ()
    modules: tuple[DeclaredModule, ...] = ()
    is_generated: bool = False
    is_analysed: bool = True

    def to_bytes(self) -> bytes:
        """Return the stored form: a line for the whole, and one for the facts of each severity, the worst first.

        Most facts are hints, which most reviews never show: what is not shown is not parsed.
        """
        rows: list[list[Any]] = [[] for _ in _SEVERITIES]
        for number, fact in enumerate(self.facts):
            rows[fact.severity.rank].append(_row(number, fact))
        modules = [astuple(module) for module in self.modules]
        head = (self.lines, self.notes, self.crate_allows, modules, self.is_generated, self.is_analysed)
        return b"\n".join(map(_json, (head, *reversed(rows))))


def facts_from_bytes(data: bytes, least: Severity = Severity.INFO) -> Facts:
    """Read the stored form back, leaving out what is graded below `least`; ValueError for anything else."""
    head, *parts = data.split(b"\n")
    if len(parts) != len(_SEVERITIES):
        raise ValueError("not stored facts")
    try:
        lines, notes, crate_allows, declared, is_generated, is_analysed = json.loads(head)
        modules = tuple(DeclaredModule(name, is_test, tuple(allows)) for name, is_test, allows in declared)
        rows = [
            (row, severity)
            for part, severity in zip(parts, reversed(_SEVERITIES), strict=True)
            if severity.rank >= least.rank
            for row in json.loads(part)
        ]
        rows.sort(key=lambda one: one[0][0])
        facts = tuple(_fact(row, severity) for row, severity in rows)
    except (IndexError, KeyError, TypeError) as error:
        raise ValueError("not stored facts") from error
    return Facts(lines, facts, tuple(notes), tuple(crate_allows), modules, is_generated, is_analysed)


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode(errors="replace")


def _row(number: int, fact: Fact) -> tuple[Any, ...]:
    return (
        number,
        fact.rule,
        _CATEGORIES.index(fact.category),
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


def _fact(row: list[Any], severity: Severity) -> Fact:
    _, rule, category, confidence, first, column, last, end, message, suggestion, *others = row
    fingerprint, where, in_test, detail, *fix = others
    # The same few sentences are said thousands of times in a large project: each is kept once.
    return Fact(
        intern(rule),
        _CATEGORIES[category],
        severity,
        confidence,
        first,
        column,
        last,
        end,
        intern(message),
        intern(suggestion),
        fingerprint,
        intern(where),
        in_test,
        detail,
        tuple(Edit(*edit) for edit in fix[0]) if fix else (),
    )
