"""The rules as pages and reports show them."""

from dataclasses import dataclass

from rust_ai_ide.review.findings import Category, Severity
from rust_ai_ide.review.rules import every_rule
from rust_ai_ide.review.rules.model import Where


@dataclass(frozen=True, slots=True)
class RuleInfo:
    """One rule. `docs` is the path of its page in the repository; `lints` are the names `#[allow]` takes."""

    id: str
    title: str
    category: Category
    severity: Severity
    confidence: float
    where: Where
    needs_types: bool
    lints: tuple[str, ...]
    docs: str


def all_rules() -> tuple[RuleInfo, ...]:
    """Return all rules, sorted by id."""
    return tuple(
        RuleInfo(
            id=rule.id,
            title=rule.title,
            category=rule.category,
            severity=rule.severity,
            confidence=rule.confidence,
            where=rule.where,
            needs_types=rule.needs_types,
            lints=tuple(sorted(rule.lints)),
            docs=f"docs/rules/{rule.id}.md",
        )
        for rule in every_rule()
    )
