"""The rule that an allowed lint says why it is allowed."""

import re
from collections.abc import Iterator

from rust_ai_ide.review.findings import Category, Severity
from rust_ai_ide.review.rules.clippy_settings import Settings
from rust_ai_ide.review.rules.model import Hit, Match, RuleSet

RULES = RuleSet(Category.STYLE)

_REASON = re.compile(rb"\breason\s*=")
_VERSION = re.compile(rb"(\d+)\.(\d+)")
_FIRST_WITH_REASONS = (1, 81)


@RULES.match(
    "allow_attributes_without_reason",
    "Allowed lint without a reason",
    Severity.INFO,
    0.9,
    """[(attribute_item (attribute . (identifier) @name arguments: (_) @arguments))
        (inner_attribute_item (attribute . (identifier) @name arguments: (_) @arguments))] @attribute""",
    names=("allow", "expect"),
    lint="clippy::restriction",
)
def allow_attributes_without_reason(match: Match) -> Iterator[Hit]:
    """Find `#[allow(…)]` and `#[expect(…)]` without `reason = "…"`, where the compiler can read one."""
    if _REASON.search(match.text("arguments")):
        return
    version = Settings(match.unit, b"msrv").at(match["attribute"].start_byte)
    oldest = _VERSION.match(version) if version is not None else None
    if oldest and (int(oldest[1]), int(oldest[2])) < _FIRST_WITH_REASONS:
        return
    message = "Nobody can tell later whether this lint still has to be allowed"
    yield match.hit(match["attribute"], message, 'Add `reason = "…"`.')
