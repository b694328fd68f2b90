"""The rule about functions with many branches."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from rust_ai_ide.review.findings import Category, Severity
from rust_ai_ide.review.rules.clippy_settings import Settings
from rust_ai_ide.review.rules.model import Hit, RuleSet
from rust_ai_ide.review.unit import FUNCTIONS, Scope, Unit

if TYPE_CHECKING:
    from tree_sitter import Node

RULES = RuleSet(Category.ARCHITECTURE)

_BRANCHES = frozenset({"if_expression", "while_expression", "for_expression"})
_WORDS = (b"if", b"while", b"for", b"match")
_WORD = re.compile(rb"\b(?:if|while|for|match)\b")
_COUNTED = frozenset({"function_item", "closure_expression"})


@RULES.file(
    "cognitive_complexity",
    "Function with many branches",
    Severity.INFO,
    0.9,
    lint="clippy::nursery",
)
def cognitive_complexity(unit: Unit) -> Iterator[Hit]:
    """Find functions and closures of more than 25 branches: each `if`, loop with a condition, `match` and guard."""
    settings = Settings(unit, b"cognitive_complexity")
    for scope in unit.scopes:
        if scope.kind not in _COUNTED:
            continue
        most = _most(settings, scope, unit.thresholds.cognitive_complexity_threshold)
        if not _may_have(unit, scope, most):
            continue
        count = _complexity(unit, scope.node)
        if count > most:
            node = scope.node.child_by_field_name("name") or scope.node.child_by_field_name("parameters")
            message = f"This function has a complexity of {count}, where {most} is the most that reads well"
            place = node or scope.node
            yield Hit(place.start_byte, place.end_byte, message, "Move parts with a name of their own out.")


def _may_have(unit: Unit, scope: Scope, branches: int) -> bool:
    """Look at the text for so many branches, by quick searches first."""
    if scope.end - scope.start < branches * len(b"if a{}"):
        return False
    if sum(unit.source.count(word, scope.start, scope.end) for word in _WORDS) < branches:
        return False
    return len(_WORD.findall(unit.source, scope.start, scope.end)) >= branches


def _most(settings: Settings, scope: Scope, usual: int) -> int:
    value = settings.at(scope.start)
    return int(value) if value is not None and value.isdigit() else usual


def _complexity(unit: Unit, function: "Node") -> int:
    """Count the branches, less the early returns: all of them where a `Result` is returned, or else half."""
    body = function.child_by_field_name("body")
    if body is None:
        return 1
    count, returns, was_return = 1, 0, False
    waiting = [body]
    while waiting:
        node = waiting.pop()
        kind = node.type
        if kind == "return_expression":
            returns += not was_return
            was_return = node.named_child_count == 0
            waiting.extend(reversed(node.named_children))
            continue
        if kind in FUNCTIONS and kind != "async_block":
            continue
        if kind in _BRANCHES:
            count += 1
        elif kind == "match_expression":
            count += _of_match(node)
        was_return = was_return and kind == "expression_statement"
        waiting.extend(reversed(node.named_children))
    makes_result = b"Result" in unit.field(function, "return_type")
    less = returns if makes_result else returns // 2
    return count - less if count >= less else count


def _of_match(node: "Node") -> int:
    body = node.child_by_field_name("body")
    arms = [arm for arm in body.named_children if arm.type == "match_arm"] if body else []
    patterns = (arm.child_by_field_name("pattern") for arm in arms)
    guards = sum(
        pattern is not None and pattern.child_by_field_name("condition") is not None for pattern in patterns
    )
    return (len(arms) > 1) + guards
