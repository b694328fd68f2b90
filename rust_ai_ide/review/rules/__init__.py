"""The rules. Each module declares those of one subject; `every_rule` gathers them."""

from functools import cache
from importlib import import_module

from rust_ai_ide.review.rules.model import Rule

SUBJECTS = (
    "acronyms",
    "allocation",
    "allowances",
    "api",
    "blocking",
    "booleans",
    "branches",
    "buffers",
    "building",
    "ciphers",
    "comments",
    "complexity",
    "conditionals",
    "copies",
    "credentials",
    "design",
    "doc_gaps",
    "doc_words",
    "errors",
    "failures",
    "formatted",
    "imports",
    "indexing",
    "injection",
    "iteration",
    "leaks",
    "literals",
    "macros",
    "matching",
    "naming",
    "numbers",
    "operators",
    "owners",
    "panics",
    "parentheses",
    "pointers",
    "reading",
    "redundancy",
    "request_paths",
    "resources",
    "safety_comments",
    "returns",
    "searching",
    "signatures",
    "strings",
    "structs",
    "threads",
    "unheard",
    "unsafety",
    "variants",
    "waiting",
    "weaknesses",
)


@cache
def every_rule() -> tuple[Rule, ...]:
    """Return all rules, sorted by id."""
    from rust_ai_ide.review.rules import suppressions

    rules: list[Rule] = list(suppressions.RULES)
    for subject in SUBJECTS:
        rules += import_module(f"{__name__}.{subject}").RULES.rules
    return tuple(sorted(rules, key=lambda rule: rule.id))
