"""Rules about suppression comments; the engine itself applies them, as only it knows what was silenced."""

from rust_ai_ide.review.findings import Category, Severity
from rust_ai_ide.review.rules.model import Rule, Where

UNUSED_SUPPRESSION = Rule(
    id="unused_suppression",
    title="Suppression comment that silences nothing",
    category=Category.STYLE,
    severity=Severity.WARNING,
    confidence=0.95,
    where=Where.ANYWHERE,
    lints=frozenset(),
    needs_types=False,
)
SUPPRESSION_WITHOUT_REASON = Rule(
    id="suppression_without_reason",
    title="Suppression comment without a reason",
    category=Category.STYLE,
    severity=Severity.INFO,
    confidence=0.95,
    where=Where.ANYWHERE,
    lints=frozenset(),
    needs_types=False,
)
RULES = (UNUSED_SUPPRESSION, SUPPRESSION_WITHOUT_REASON)
