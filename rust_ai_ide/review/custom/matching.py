"""Finds what rules of a project's own describe: by RE2, whose time grows with the text alone, and by ast-grep."""

import json
import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from rust_ai_ide.review.custom.reading import CustomRuleInvalid, compiled
from rust_ai_ide.review.custom.rules import CustomRule
from rust_ai_ide.review.rules.model import Hit, Rule, Where

if TYPE_CHECKING:
    from rust_ai_ide.review.unit import Unit

MOST_MATCHES = 1_000
_VARIABLE = re.compile(r"\$\$\$([A-Z_][A-Z0-9_]*)|\$([A-Z_][A-Z0-9_]*)")
_STAND_IN = "µ"
"""What ast-grep puts in the place of `$` when it parses a pattern."""


def custom_hits(unit: "Unit", rules: Sequence[CustomRule]) -> Iterator[tuple[Rule, Hit]]:
    """Yield what the rules find in a file, at most a thousand places each. Raises CustomRuleInvalid."""
    text: str | None = None
    root: Any = None
    for rule in rules:
        if rule.regex:
            found = _by_regex(rule, unit.source)
        else:
            if root is None:
                from ast_grep_py import SgRoot

                text = unit.source.decode(errors="replace")
                root = SgRoot(text, "rust").root()
            found = _by_pattern(rule, root, text or "")
        declared = as_rule(rule)
        for number, hit in enumerate(found):
            if number == MOST_MATCHES:
                break
            yield declared, hit


@cache
def as_rule(rule: CustomRule) -> Rule:
    """Return the rule as the engine knows rules."""
    return Rule(
        rule.name,
        rule.message,
        rule.category,
        rule.severity,
        rule.confidence,
        Where.ANYWHERE,
        frozenset(),
        needs_types=False,
    )


def check_patterns(rules: Sequence[CustomRule]) -> None:
    """Raise CustomRuleInvalid for the first rule that ast-grep does not take. Runs in a child."""
    from ast_grep_py import SgRoot

    empty = SgRoot("", "rust").root()
    for rule in rules:
        if rule.pattern:
            code = rule.pattern.replace("$", _STAND_IN)
            whole = (SgRoot(text, "rust").root() for text in (code, f"fn f() {{ {code} }}"))
            if all(parsed.find(kind="ERROR") for parsed in whole):
                raise CustomRuleInvalid(
                    f"The pattern of the custom rule {rule.name} is not code that parses."
                )
        if not rule.regex:
            _matched(rule, empty)


def _matched(rule: CustomRule, root: Any) -> list[Any]:
    try:
        if rule.pattern:
            return list(root.find_all(pattern=rule.pattern))
        wanted = json.loads(rule.rule)
        return list(root.find_all(wanted if "rule" in wanted else {"rule": wanted}))
    except (RuntimeError, TypeError, ValueError) as error:
        # The reasons come as a numbered list, the last of which says it best, with a stack trace below.
        reasons = re.findall(r"^\s*\d+: (.*)$", str(error).partition("Stack backtrace")[0], re.MULTILINE)
        said = reasons[-1].rstrip(".") if reasons else "ast-grep does not take it"
        raise CustomRuleInvalid(f"The custom rule {rule.name} cannot be used: {said}.") from error


def _by_regex(rule: CustomRule, source: bytes) -> Iterator[Hit]:
    for match in compiled(rule).finditer(source):
        start, end = match.span()
        if start == end:
            continue
        edits: tuple[tuple[int, int, bytes], ...] = ()
        if rule.auto_fixable:
            edits = ((start, end, match.expand(rule.fix.encode())),)
        yield Hit(start, end, rule.message, rule.suggestion, edits=edits)


def _by_pattern(rule: CustomRule, root: Any, text: str) -> Iterator[Hit]:
    to_bytes: Callable[[int], int] = (
        (lambda place: place) if text.isascii() else (lambda place: len(text[:place].encode()))
    )
    for node in _matched(rule, root):
        place = node.range()
        start, end = to_bytes(place.start.index), to_bytes(place.end.index)
        edits: tuple[tuple[int, int, bytes], ...] = ()
        if rule.auto_fixable:
            edits = ((start, end, _filled(rule.fix, node, text).encode()),)
        yield Hit(start, end, rule.message, rule.suggestion, edits=edits)


def _filled(template: str, node: Any, text: str) -> str:
    """Return the template with the text of what its metavariables matched."""

    def value(found: re.Match[str]) -> str:
        if found[1]:
            several = node.get_multiple_matches(found[1])
            if not several:
                return ""
            return text[several[0].range().start.index : several[-1].range().end.index]
        one = node.get_match(found[2])
        return one.text() if one is not None else str(found[0])

    return _VARIABLE.sub(value, template)
