"""What one rule says about a snippet, and what its fixes make of it."""

from rust_ai_ide.review.config import config_from_toml
from rust_ai_ide.review.findings import Finding
from rust_ai_ide.review.fixing import fixed
from rust_ai_ide.review.profiles import Profile
from rust_ai_ide.review.reviewing import review_source
from rust_ai_ide.source.syntax.parsing import parse_rust

_EVERYTHING = config_from_toml("", Profile.THOROUGH)
_MOST_ROUNDS = 20


def found(rule: str, source: str) -> list[Finding]:
    """Return what a rule finds in a source text."""
    review = review_source("src/lib.rs", source.encode(), _EVERYTHING)
    return [finding for finding in review.findings if finding.rule == rule]


def mended(rule: str, source: str) -> str:
    """Return a source text with the fixes of a rule in it, applied until there are none; it must still parse."""
    for _ in range(_MOST_ROUNDS):
        findings = [finding for finding in found(rule, source) if finding.fix]
        if not findings:
            return source
        source = fixed(source.encode(), findings).source.decode()
        assert not parse_rust(source.encode()).root_node.has_error, source
    raise AssertionError(f"the fixes come to no end: {source}")


def mended_in_function(rule: str, body: str) -> str:
    """Return the body of a function, mended."""
    head, tail = "fn f() {\n", "\n}\n"
    return mended(rule, head + body + tail).removeprefix(head).removesuffix(tail)
