"""Runs rules of a project's own in a child process, which can be ended where they do not."""

from collections.abc import Sequence
from functools import cache

from rust_ai_ide.review.custom.matching import check_patterns
from rust_ai_ide.review.custom.rules import CustomRule
from rust_ai_ide.review.facts import Facts, facts_from_bytes
from rust_ai_ide.review.standard import Standard
from rust_ai_ide.source.isolation import MEGABYTE, IsolatedWorker

_SECONDS = 20.0
_MEMORY = 2048 * MEGABYTE


def examine_apart(source: bytes, standard: Standard) -> Facts:
    """Return what all rules say about a source text. Raises WorkFailed, and CustomRuleInvalid for a rule as such."""
    return facts_from_bytes(_worker().call(examined, source, standard, timeout=_SECONDS))


def examined(source: bytes, standard: Standard) -> bytes:
    """Return the stored form of the facts. Runs in the child."""
    from rust_ai_ide.review.engine import examine

    return examine(source, standard).to_bytes()


def check_custom_rules(custom: Sequence[CustomRule]) -> None:
    """Raise CustomRuleInvalid for the first of the rules whose pattern cannot be used."""
    if custom:
        _worker().call(check_patterns, list(custom), timeout=_SECONDS)


@cache
def _worker() -> IsolatedWorker:
    return IsolatedWorker(memory=_MEMORY)
