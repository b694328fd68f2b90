"""Security rules about secrets in source text."""

import math
import re
from collections import Counter
from collections.abc import Iterator

from rust_ai_ide.review.findings import Category, Severity
from rust_ai_ide.review.rules.model import Hit, RuleSet
from rust_ai_ide.review.rules.telling import speaks_of_secrets, speaks_of_tokens
from rust_ai_ide.review.unit import Unit

RULES = RuleSet(Category.SECURITY)

_FORMATS = re.compile(
    rb"(?P<aws>\b(?:AKIA|ASIA)[0-9A-Z]{16}\b)"
    rb"|(?P<github>\bgh[pousr]_[A-Za-z0-9]{36,}\b|\bgithub_pat_[A-Za-z0-9_]{60,}\b)"
    rb"|(?P<gitlab>\bglpat-[A-Za-z0-9_-]{20,})"
    rb"|(?P<slack>\bxox[abprs]-[A-Za-z0-9-]{20,})"
    rb"|(?P<stripe>\b[rs]k_live_[A-Za-z0-9]{20,})"
    rb"|(?P<google>\bAIza[0-9A-Za-z_-]{35}\b)"
    rb"|(?P<key>-----BEGIN (?:RSA |EC |OPENSSH |DSA )?PRIVATE KEY-----)"
)
_KINDS = {
    "aws": "an AWS access key",
    "github": "a GitHub token",
    "gitlab": "a GitLab token",
    "slack": "a Slack token",
    "stripe": "a Stripe key",
    "google": "a Google API key",
    "key": "a private key",
}
_WORDS = (b"passw", b"secret", b"apikey", b"api_key", b"access_key", b"auth_token", b"private_key")
_NAMED = re.compile(
    rb"""\w*\s*(?::\s*&?(?:'static\s+)?(?:str|String)\s*)?[=:]\s*
         "(?P<value>[^"\\\s]{8,200})" """.rstrip(),
    re.IGNORECASE | re.VERBOSE,
)
_PLACEHOLDER = re.compile(
    rb"example|sample|dummy|changeme|placeholder|your[_-]|xxxx|\*\*\*|<|\$\{|\{|secret|password|token|test|/|:|api[_-]?key",
    re.IGNORECASE,
)
_BITS = 3.0  # per character; words and names stay below, random text of this length above


@RULES.file("hardcoded_secret", "Secret in the source text", Severity.CRITICAL, 0.9)
def hardcoded_secret(unit: Unit) -> Iterator[Hit]:
    """Find keys of well-known formats, and random text given to names such as `password`."""
    seen = set()
    for match in _FORMATS.finditer(unit.source) if speaks_of_tokens(unit.source) else ():
        kind = match.lastgroup or "key"
        if _in_string(unit, match.start()) and not _is_stub(unit, kind, match):
            seen.add(match.start())
            yield _hit(match.start(), match.end(), f"This looks like {_KINDS[kind]}")
    for match in _named_values(unit.source) if speaks_of_secrets(unit.source) else ():
        value, start = match["value"], match.start("value")
        if start in seen or _PLACEHOLDER.search(value) or _entropy(value) < _BITS:
            continue
        if re.search(rb"\d", value) and re.search(rb"[A-Za-z]", value) and _in_string(unit, start):
            yield _hit(start, match.end("value"), "A name beside this text says that it is a secret", 0.7)


def _named_values(source: bytes) -> Iterator[re.Match[bytes]]:
    """Find text that is given to a telling name; plain searches come first, as they are far quicker."""
    lowered = source.lower()
    for word in _WORDS:
        at = lowered.find(word)
        while at >= 0:
            match = _NAMED.match(source, at)
            if match:
                yield match
            at = lowered.find(word, at + len(word))


def _hit(start: int, end: int, message: str, confidence: float | None = None) -> Hit:
    severity = None if confidence is None else Severity.ERROR
    advice = "Remove it, replace the secret where it is used, and read it from the environment."
    return Hit(start, end, message, advice, severity, confidence)


def _is_stub(unit: Unit, kind: str, match: re.Match[bytes]) -> bool:
    """Tell whether only the mark of a format is there, as in code that looks for secrets itself."""
    if kind == "key":
        following = unit.source[match.end() : match.end() + 200].replace(b"\\n", b"").strip(b" \\\n\r\t")
        return not re.match(rb"[A-Za-z0-9+/=]{20}", following)
    return b"EXAMPLE" in match[0] or _entropy(match[0]) < _BITS


def _entropy(text: bytes) -> float:
    counts = Counter(text)
    return -sum(n / len(text) * math.log2(n / len(text)) for n in counts.values())


def _in_string(unit: Unit, at: int) -> bool:
    node = unit.root.descendant_for_byte_range(at, at + 1)
    for _ in range(3):
        if node is None:
            return False
        if node.type in ("string_literal", "raw_string_literal"):
            return True
        node = node.parent
    return False
